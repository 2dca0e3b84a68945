import { env, exports } from "cloudflare:workers";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { agentStub } from "../../../worker/stubs.ts";
import { type TestTown, townOf, workingTown } from "./support.ts";

const send = async (town: { id: string }, agent_id: string, seq: number, events = 1) => {
	const token = await new SignJWT({ town: town.id })
		.setProtectedHeader({ alg: "HS256" })
		.setExpirationTime("1h")
		.sign(new TextEncoder().encode(env.CONTAINER_TOKEN_SECRET));
	const event = { at: 1, id: null, type: "todo.updated", properties: { sessionID: "s", todos: [] } };
	const response = await exports.default.fetch(
		new Request(`https://console.test/api/towns/${town.id}/container/agent-events`, {
			method: "POST",
			headers: { Authorization: `Bearer ${token}` },
			body: JSON.stringify({
				...{ agent_id, producer: "p-1", seq, attempt_id: null, bead_id: null },
				events: Array.from({ length: events }, () => event),
			}),
		}),
	);
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const seqOf = async (town: TestTown) => {
	const answer = await agentStub(env, town.toast).query(town.id, {
		...({ kind: "stream", agent: town.toast } as const),
		...{ before: 1_000_000, bytes: 100_000 },
	});
	return "ok" in answer ? answer : answer.rows.length;
};

test("STREAM-1: batches over HTTP are taken once and in order; a gap is a 409 with the sequence that is wanted", async () => {
	const town = await workingTown("streaming");
	const first = await send(town, town.toast, 1, 3);
	expect(first).toMatchObject({ status: 200, body: { duplicate: false, interval: expect.any(Number) } });
	expect(await send(town, town.toast, 1, 3)).toMatchObject({
		status: 200,
		body: { duplicate: true, seq: first.body.seq },
	});
	expect(await send(town, town.toast, 3)).toMatchObject({
		status: 409,
		body: { error: { code: "gap", details: { expected: 2 } } },
	});
	expect(await seqOf(town)).toBe(3);
	expect((await send(town, town.toast, 2)).status).toBe(200);
	expect(await seqOf(town)).toBe(4);
});

test("STREAM-7: an agent's id belongs to the town that made it, and no other can make or feed it", async () => {
	const town = await workingTown("first-owner");
	const thief = townOf("thief");
	await thief.must("createTown", { name: "Thief", owner_type: "user", owner_id: "user/thief" });
	expect(await thief.call("createAgent", { id: town.toast, role: "polecat", name: "Toast" })).toMatchObject({
		ok: false,
		code: "foreign-agent",
	});
	expect((await send(thief, town.toast, 1)).status).toBe(403);
	expect((await send(town, town.toast, 1)).status).toBe(200);
});

test("TOWN-2: an agent that is refused has claimed no stream: its id is free for the town that can make it", async () => {
	const town = await workingTown("refused-first");
	const later = await workingTown("made-later");
	const ids = ["no-such-rig", "same-identity"].map((why) => `claimed-by-none/${why}`);
	const args = { role: "polecat", name: "Toast" } as const;
	expect(await town.call("createAgent", { id: ids[0], ...args, rig_id: "nowhere" })).toMatchObject({
		code: "no-such-rig",
	});
	expect(await town.call("createAgent", { id: ids[1], ...args, rig_id: "rig-1" })).toMatchObject({
		code: "exists",
	});
	for (const id of ids) await later.must("createAgent", { id, ...args, identity: id });
});
