import { expect, test, vi } from "vitest";
import { TOWN_TABLES } from "../../shared/gastown/index.ts";
import { keyBy, Subscriber } from "../worker/support/subscriber.ts";
import { foreignTown, foreignUser, newForeignTown } from "./foreign/town.ts";

type Row = Record<string, unknown>;
const row = (reader: Subscriber, entity: string, key: string) =>
	reader.rows.get(entity)?.get(key) as Row | undefined;

/** A reader that has the whole state. */
async function reading(stub: ReturnType<typeof foreignTown>): Promise<Subscriber> {
	const reader = await new Subscriber(keyBy(TOWN_TABLES)).connect(stub);
	await reader.until(({ position }) => position !== null);
	return reader;
}
const causes = (reader: Subscriber) =>
	reader.of("changes").flatMap(({ batches }) => batches.map(({ cause }) => cause?.what));

test("FEED-10: a town of another script is watched whole, though none of its write sites knows of it", async () => {
	const { stub } = await newForeignTown();
	const reader = await reading(stub);
	const from = reader.position?.seq ?? 0;
	await stub.createAgent("toast", "Toast");
	await stub.sling("toast", "bead-1");
	await stub.closeBead("bead-1");
	await reader.until((now) => row(now, "beads", "bead-1")?.status === "closed");
	expect(causes(reader)).toEqual(["createAgent", "sling", "closeBead"]);
	expect(reader.applied, "FEED-2: no change is missing, none comes twice").toEqual(
		Array.from({ length: reader.applied.length }, (_, n) => from + 1 + n),
	);
	expect(row(reader, "agent_metadata", "toast")).toMatchObject({
		...{ status: "working", current_hook_bead_id: "bead-1" },
	});
	const whole = await reading(stub);
	for (const entity of ["beads", "agent_metadata", "rigs", "town_state"])
		expect(reader.rows.get(entity) ?? new Map()).toEqual(whole.rows.get(entity) ?? new Map());
});

test("FEED-10: the host keeps its routes, its sockets, its auto-response and its alarm", async () => {
	const { stub } = await newForeignTown();
	const planned = await stub.alarmAt();
	const reader = await reading(stub);
	await stub.createBead({ id: "bead-2", title: "Paint" });
	await reader.until((now) => row(now, "beads", "bead-2") !== undefined);
	expect(await stub.alarmAt(), "live-ops sets no alarm").toBe(planned);
	expect((await stub.fetch("https://town/api/anything")).status).toBe(418);

	const answer = await stub.fetch("https://town/api/towns/x/status/ws", {
		headers: { Upgrade: "websocket" },
	});
	const heard: string[] = [];
	const socket = answer.webSocket as WebSocket;
	socket.accept();
	socket.addEventListener("message", ({ data }) => heard.push(String(data)));
	socket.send("are you there");
	socket.send("hello");
	await vi.waitFor(() => expect(heard).toEqual(['{"beads":2}', "yes", "echo hello"]));

	await stub.lookNow();
	await reader.until((now) => row(now, "beads", "bead-2")?.status === "failed");
	expect(causes(reader).at(-1)).toBe("alarm");
	await vi.waitFor(() => expect(heard.at(-1)).toBe('{"beads":0}'));
	expect(
		reader.texts.filter((text) => text.startsWith('{"beads"')),
		"what the host tells all its sockets",
	).toEqual([]);
	reader.send('{"t":"ping"}');
	await reader.until(() => reader.of("pong").length === 1);
	socket.close(1000, "");
});

test("FEED-10: what a host undoes was never told, and what it replaces leaves no ghost", async () => {
	const { stub } = await newForeignTown();
	const reader = await reading(stub);
	const { seq } = reader.position as { seq: number };
	expect(await stub.failsLate("bead-1")).toContain("failed late");
	await stub.replaceRig("rig-1", "mill");
	await stub.replaceRig("rig-1", "harbor");
	await reader.until((now) => row(now, "rigs", "rig-1")?.name === "harbor");
	expect(row(reader, "beads", "bead-1")?.status).toBe("open");
	expect(reader.applied.at(0)).toBe(seq + 1);
	expect(reader.rows.get("rigs")?.size).toBe(1);
});

test("FEED-10: a table that the host makes anew begins another epoch: readers get a whole state", async () => {
	const { stub } = await newForeignTown();
	await stub.replaceRig("rig-1", "mill");
	const reader = await reading(stub);
	const { epoch } = reader.position as { epoch: string };
	await stub.rebuildRigs();
	await reader.until((now) => row(now, "rigs", "rig-1")?.default_branch === "trunk");
	expect(reader.position?.epoch).not.toBe(epoch);
	await stub.exec(["UPDATE rigs SET default_branch = 'main'"]);
	await reader.until((now) => row(now, "rigs", "rig-1")?.default_branch === "main");
});

test("FEED-10: secrets of the host stay there: masked columns, columns nobody described, tokens in texts", async () => {
	const { stub } = await newForeignTown();
	const reader = await reading(stub);
	const token = `ghp_${"a1B2c3D4e5".repeat(4)}`;
	await stub.createBead({
		id: "bead-2",
		title: "Push",
		body: `git push https://x:${token}@forge.test/r.git`,
	});
	await stub.createAgent("toast", "Toast");
	await stub.exec(
		["UPDATE beads SET lease_secret = 'lease-77aa' WHERE bead_id = 'bead-2'"],
		["UPDATE agent_metadata SET checkpoint = 'checkpoint-88bb'"],
	);
	await reader.until((now) => row(now, "agent_metadata", "toast")?.checkpoint === "masked");
	expect(row(reader, "town_state", "config")?.value).toMatchObject({
		kilocode_token: "masked",
		default_model: "m",
	});
	const whole = await reading(stub);
	const answers = [
		await stub.rows([{ entity: "beads", key: "bead-2" }]),
		await stub.query({ kind: "cell", entity: "beads", key: "bead-2", column: "body" }),
		await stub.query({ kind: "changes", before: null, limit: 100 }),
	];
	const shown = [...reader.texts, ...whole.texts, JSON.stringify(answers)].join("\n");
	expect(shown).toContain("git push");
	for (const secret of [token, "lease-77aa", "checkpoint-88bb", "kilo-3f9a1c77d2e84b6f9a01"])
		expect(shown).not.toContain(secret);
});

test("FEED-10: what a host keeps in key-value pairs is shown as rows, put and deleted", async () => {
	const { stub } = await newForeignTown();
	const reader = await reading(stub);
	await stub.drain("nonce-1");
	await reader.until((now) => row(now, "town_state", "drain") !== undefined);
	expect(row(reader, "town_state", "drain")).toMatchObject({ value: { nonce: "nonce-1" } });
	await stub.drain(null);
	await reader.until((now) => row(now, "town_state", "drain") === undefined);
	expect(causes(reader)).toEqual(["drain", "drain"]);
});

test("FEED-10: a town that deletes everything ends empty for its readers, and may begin again", async () => {
	const { id, stub } = await newForeignTown();
	const reader = await reading(stub);
	const { epoch } = reader.position as { epoch: string };
	await stub.destroy();
	await foreignTown(id).exec(
		["CREATE TABLE rigs (id TEXT PRIMARY KEY, name TEXT)"],
		["INSERT INTO rigs VALUES ('a', 'b')"],
	);
	await reader.until((now) => now.position?.epoch !== epoch && row(now, "rigs", "a") !== undefined);
	expect(reader.rows.get("beads")).toBeUndefined();
});

test("FEED-10: an owner's object lists its towns as they stand there", async () => {
	const user = foreignUser(`user-${crypto.randomUUID()}`);
	await user.createTown("town-1", "Harbor Lights");
	expect(await user.overview()).toMatchObject([{ id: "town-1", name: "Harbor Lights", summary: null }]);
});
