import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import {
	type Down,
	FEED_PATH,
	LIMITS,
	SUBSCRIBER_HEADER,
	sizeOf,
	TOWN_HEADER,
} from "../../../shared/protocol/index.ts";
import { LINGER_MS } from "../../../worker/admin-session/feeds.ts";
import { agentStub } from "../../../worker/stubs.ts";
import { seedDirectory } from "../support/directory.ts";
import { abort, comeBack, linger, newTown, type Page, watch } from "./console.ts";

beforeAll(seedDirectory);

type StreamMessage = Extract<Down, { t: "stream" }>;

/** A town with an agent that has a stream. `emit` appends so many events of about `size` characters. */
async function newAgent() {
	const town = await newTown();
	const agent = `agent-${crypto.randomUUID()}`;
	await town.must("createAgent", {
		id: agent,
		role: "polecat",
		name: `Nux ${agent.slice(-4)}`,
		rig_id: "rig-1",
	});
	let producerSeq = 0;
	let seq = 0;
	const emit = async (count: number, size = 100) => {
		producerSeq++;
		const events = Array.from({ length: count }, (_, n) => ({
			at: Date.now(),
			id: `${producerSeq}-${n}`,
			type: "session.note",
			properties: { n: seq + n + 1, text: "a b ".repeat(size / 4) },
		}));
		const batch = { town: town.id, agent, producer: "p", producerSeq, attempt: null, bead: null, events };
		const send = () => agentStub(env, agent).append(batch);
		// After a crash a stub that was made before it rejects once; the producer repeats, as producers do.
		const result = await send().catch(send);
		if (!result.ok) throw new Error(result.message);
		seq = result.seq;
		return result;
	};
	return { town, agent, emit, last: () => seq };
}

/** The seqs of an agent's events as a page has them, folded as the page does: a reset drops what was. */
function seqsOf(page: Page, agent: string): number[] {
	const seqs: number[] = [];
	for (const message of page.messages) {
		if (message.t !== "stream" || message.agent !== agent) continue;
		const { reset, segments } = message as StreamMessage;
		if (reset) seqs.length = 0;
		for (const { events } of segments)
			for (const [seq] of events) if (seq > (seqs.at(-1) ?? 0)) seqs.push(seq);
	}
	return seqs;
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const has = (page: Page, agent: string, seqs: number[]) =>
	vi.waitFor(() => expect(seqsOf(page, agent)).toEqual(seqs), { timeout: 8_000, interval: 10 });
const cursorOf = (page: Page, agent: string) => {
	const newest = page.messages.findLast((message) => message.t === "stream" && message.agent === agent) as
		| StreamMessage
		| undefined;
	return newest ? { epoch: newest.epoch, seq: newest.to, mark: newest.mark } : null;
};
const feedsOf = (agent: string) =>
	runInDurableObject(env.AGENT.getByName(agent), (_, state) => state.getWebSockets().length);

test("SESSION-1: following an agent gives its stream from its tail on, then live, over one feed for all", async () => {
	const { town, agent, emit } = await newAgent();
	await emit(50);
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	const answer = await ada.ask({ t: "follow", agent, cursor: null });
	expect(answer).toMatchObject({ ok: true, value: { position: { seq: 50 } } });
	await has(ada, agent, range(1, 50));
	expect(ada.messages.find(({ t }) => t === "stream")).toMatchObject({ reset: "first" });
	await bo.ask({ t: "follow", agent, cursor: null });
	await emit(10);
	for (const page of [ada, bo]) await has(page, agent, range(1, 60));
	expect(await feedsOf(agent)).toBe(1);
	await ada.until(
		(message) =>
			message.t === "session" &&
			["town", agent].every((name) =>
				message.feeds.some(({ feed, state }) => feed === name && state === "live"),
			),
	);
});

test("SESSION-1: an agent that has said nothing yet is followed from its first word", async () => {
	const { town, agent, emit } = await newAgent();
	await agentStub(env, agent).claim(town.id, agent);
	const page = await watch(town.id);
	expect(await page.ask({ t: "follow", agent, cursor: null })).toMatchObject({ ok: true });
	await emit(3);
	await has(page, agent, [1, 2, 3]);
});

test("SESSION-3: only the last part of a long stream is sent, and all that follows it", async () => {
	const { town, agent, emit } = await newAgent();
	for (let n = 0; n < 20; n++) await emit(50, 400);
	const page = await watch(town.id);
	await page.ask({ t: "follow", agent, cursor: null, tail_bytes: 60_000 });
	await emit(5);
	await vi.waitFor(() => expect(seqsOf(page, agent).at(-1)).toBe(1_005));
	const seqs = seqsOf(page, agent);
	expect(seqs.length).toBeLessThan(400);
	expect(seqs).toEqual(range(seqs[0] ?? 0, 1_005));
});

test("SESSION-5: a long stream comes in pages as the credit allows, whole and in order", async () => {
	const { town, agent, emit } = await newAgent();
	for (let n = 0; n < 40; n++) await emit(50, 800);
	const page = await watch(town.id);
	page.slow = true;
	const streamed = () =>
		page.messages.filter(({ t }) => t === "stream").reduce((sum, m) => sum + sizeOf(JSON.stringify(m)), 0);
	await page.ask({ t: "follow", agent, cursor: null, tail_bytes: 4_000_000 });
	await vi.waitFor(() => expect(streamed()).toBeGreaterThan(100_000));
	await emit(10);
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
	expect(streamed()).toBeLessThan(LIMITS.windowBytes + LIMITS.chunkBytes);
	page.slow = false;
	page.credit();
	await has(page, agent, range(1, 2_010));
}, 15_000);

test("STREAM-7: an agent of another town is refused, with an entry; its feed refuses the town itself", async () => {
	const { agent, emit } = await newAgent();
	await emit(1);
	const other = await newTown();
	const page = await watch(other.id);
	expect(await page.ask({ t: "follow", agent, cursor: null })).toMatchObject({
		ok: false,
		error: { code: "foreign_agent" },
	});
	for (const question of [
		{ kind: "stream", agent, before: 9 },
		{ kind: "body", agent, ref: "x", piece: 0 },
	])
		expect(await page.ask({ t: "query", question })).toMatchObject({ error: { code: "foreign_agent" } });
	const { value } = (await page.ask({ t: "query", question: { kind: "ledger" } })) as unknown as {
		value: { rows: { step: string; body: { code: string } }[] };
	};
	expect(value.rows.filter(({ step }) => step === "refusal")).toMatchObject([
		{ body: { code: "foreign_agent" } },
	]);
	const direct = await agentStub(env, agent).fetch(`https://agent${FEED_PATH}`, {
		headers: { Upgrade: "websocket", [SUBSCRIBER_HEADER]: "s", [TOWN_HEADER]: other.id },
	});
	expect(direct.status).toBe(403);
});

test("STREAM-3: an agent that was deleted is still its town's: its stream is followed and read as before", async () => {
	const { town, agent, emit } = await newAgent();
	await emit(20);
	await town.must("deleteAgent", { agent_id: agent });
	await town.inside((instance) => instance.alarm());
	expect(await town.stub.ownsAgent(agent)).toBe(true);
	const page = await watch(town.id);
	expect(await page.ask({ t: "follow", agent, cursor: null })).toMatchObject({
		ok: true,
		value: { position: { seq: 20 } },
	});
	await has(page, agent, range(1, 20));
	const older = await page.ask({ t: "query", question: { kind: "stream", agent, before: 6 } });
	expect((older as unknown as { value: { rows: unknown[] } }).value.rows).toHaveLength(5);
	// What its process still had to say arrives.
	await emit(2);
	await has(page, agent, range(1, 22));
});

test("SESSION-6: an agent's object and the session crash in a busy stream: the page ends with exactly the stream", async () => {
	const { town, agent, emit, last } = await newAgent();
	await emit(5);
	let page = await watch(town.id);
	await page.ask({ t: "follow", agent, cursor: null });
	await has(page, agent, range(1, 5));
	const before: number[] = [];
	for (let n = 0; n < 30; n++) {
		if (n === 8 || n === 16) await abort(env.AGENT, agent);
		if (n === 24) {
			await abort(env.ADMIN_SESSION, town.id);
			await page.isClosed();
			before.push(...seqsOf(page, agent));
			const cursor = cursorOf(page, agent);
			page = await comeBack(town.id, page);
			await page.hello({ streams: [{ agent, cursor }] });
		}
		await emit(3);
	}
	await vi.waitFor(() => expect([...before, ...seqsOf(page, agent)]).toEqual(range(1, last())), {
		timeout: 8_000,
		interval: 10,
	});
	expect(page.messages.some((message) => message.t === "stream" && message.reset)).toBe(false);
}, 15_000);

test("SESSION-1: a feed outlives its last follower for a while, ten seconds unless told otherwise", async () => {
	const { town, agent, emit } = await newAgent();
	await emit(1);
	const page = await watch(town.id);
	await linger(town.id, 400);
	await page.ask({ t: "follow", agent, cursor: null });
	await page.ask({ t: "unfollow", agent });
	expect(await page.ask({ t: "follow", agent, cursor: null })).toMatchObject({ ok: true });
	const left = Date.now();
	expect(await page.ask({ t: "unfollow", agent })).toMatchObject({ ok: true });
	await vi.waitFor(async () => expect(await feedsOf(agent)).toBe(0), { timeout: 3_000, interval: 20 });
	expect(Date.now() - left).toBeGreaterThanOrEqual(399);
	await emit(1);
	expect(seqsOf(page, agent)).toEqual([1]);
	expect(LINGER_MS).toBe(10_000);
});

test("SOCKET-1: questions are answered by who knows: town, agent, session", async () => {
	const { town, agent, emit } = await newAgent();
	await emit(7);
	const page = await watch(town.id);
	const rows = async (question: Record<string, unknown>) =>
		((await page.ask({ t: "query", question })) as unknown as { value: { rows: unknown[] } }).value.rows;
	expect(await rows({ kind: "stream", agent, before: 6 })).toHaveLength(5);
	expect((await rows({ kind: "changes", limit: 3 })).length).toBe(3);
	expect(
		(await rows({ kind: "journal", entity: "bead_events", where: { bead_id: "bead-1" } })).length,
	).toBeGreaterThan(0);
	expect(await rows({ kind: "ledger" })).toMatchObject([{ step: "access" }]);
	expect(await page.ask({ t: "query", question: { kind: "journal", entity: "nothing" } })).toMatchObject({
		ok: false,
	});
});
