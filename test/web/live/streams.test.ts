// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Segment, Stream, StreamEvent } from "../../../shared/protocol/index.ts";
import { agentStream } from "../../../web/live/stream-store.ts";
import { openLive, T0, welcome } from "./fake-session.ts";

const event = (seq: number, text: string): StreamEvent => [
	seq,
	T0 + seq,
	null,
	"message.part.updated",
	{
		sessionID: "s",
		part: { id: `p${String(seq).padStart(4, "0")}`, messageID: "m", sessionID: "s", type: "text", text },
	},
];

const segment = (from: number, to: number, extra: Partial<Segment> = {}): Segment => ({
	from,
	to,
	at: T0,
	attempt: "a1",
	mark: `m${to}`,
	events: Array.from({ length: to - from + 1 }, (_, i) => event(from + i, `e${from + i}`)),
	...extra,
});

const stream = (segments: Segment[], extra: Partial<Stream> = {}): Stream => ({
	t: "stream",
	agent: "toast",
	epoch: "s1",
	from: segments[0]?.from ?? 1,
	to: segments.at(-1)?.to ?? 0,
	mark: segments.at(-1)?.mark ?? "",
	horizon: 1,
	segments,
	...extra,
});

const texts = (it: ReturnType<typeof agentStream>) =>
	it.store
		.getState()
		.conversation.messages.flatMap((message) =>
			message.parts.map((part) => (part as { text?: string }).text),
		);

describe("one stream", () => {
	test("STREAM-5: segments are folded once and in order; what was seen is passed over", () => {
		const it = agentStream("toast");
		it.fold(stream([segment(1, 3)]), T0);
		it.fold(stream([segment(1, 3), segment(4, 5)]), T0);
		it.tell();
		expect(texts(it)).toEqual(["e1", "e2", "e3", "e4", "e5"]);
		expect(it.store.getState().position).toEqual({ epoch: "s1", seq: 5, mark: "m5" });
	});

	test("SESSION-5: a hole is a gap, unless the session says what it left out, which then is a row in its place", () => {
		const it = agentStream("toast");
		it.fold(stream([segment(1, 3)]), T0);
		expect(it.fold(stream([segment(7, 8)]), T0)).toBe("gap");
		const left_out = [{ from: 4, to: 6, count: 3 }];
		expect(it.fold(stream([segment(4, 8, { events: [event(7, "e7"), event(8, "e8")], left_out })]), T0)).toBe(
			"folded",
		);
		it.tell();
		expect(it.store.getState()).toMatchObject({ gaps: 1, leftOut: left_out });
		it.insert([event(5, "e5"), event(4, "e4"), event(6, "e6")]);
		it.tell();
		expect(it.store.getState().leftOut).toEqual([]);
		expect(texts(it)).toEqual(["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"]);
	});

	test("STREAM-3: the horizon is known, older pages go before what is here, and a reset drops it all", () => {
		const it = agentStream("toast");
		it.fold(stream([segment(8_001, 8_002)], { horizon: 8_000, reset: "first" }), T0);
		it.insert([event(8_000, "old")]);
		it.tell();
		expect(it.store.getState()).toMatchObject({ horizon: 8_000, oldest: 8_000 });
		expect(texts(it)).toEqual(["old", "e8001", "e8002"]);
		it.fold(stream([segment(1, 1)], { epoch: "s2", reset: "epoch" }), T0);
		it.tell();
		expect(texts(it)).toEqual(["e1"]);
	});

	test("STREAM-5: another epoch without a reset is a gap, not folded", () => {
		const it = agentStream("toast");
		it.fold(stream([segment(1, 3)]), T0);
		expect(it.fold(stream([segment(4, 4)], { epoch: "s2" }), T0)).toBe("gap");
	});
});

describe("a long stream", () => {
	/** Each event its own message, as the turns of a long run are. */
	const long = (from: number, to: number, extra: Partial<Segment> = {}) =>
		segment(from, to, {
			events: Array.from({ length: to - from + 1 }, (_, i): StreamEvent => {
				const [seq, at, id, type] = event(from + i, "");
				const messageID = `m${String(seq).padStart(6, "0")}`;
				const part = { id: `p${seq}`, messageID, sessionID: "s", type: "text", text: `e${seq}` };
				return [seq, at, id, type, { sessionID: "s", part }];
			}),
			...extra,
		});
	const first = (it: ReturnType<typeof agentStream>) => texts(it)[0];

	test("L8: what is let go of a long stream is let go of its conversation, holes and attempts alike", () => {
		const it = agentStream("toast");
		it.fold(stream([long(1, 10, { attempt: "a0", left_out: [{ from: 3, to: 4, count: 2 }] })]), T0);
		for (let from = 11; from < 60_000; from += 1_000) it.fold(stream([long(from, from + 999)]), T0);
		it.tell();
		const { events, oldest, leftOut, attempts, conversation } = it.store.getState();
		expect(events.length).toBeLessThan(55_001);
		expect(first(it)).toBe(`e${oldest}`);
		expect(texts(it)).toHaveLength(events.length);
		expect(conversation.byId.size).toBe(events.length);
		expect([leftOut, attempts.map(({ attempt }) => attempt)]).toEqual([[], ["a1"]]);
	});

	test("L8: what a reader has read back stays with him while the stream goes on, and goes when he leaves", () => {
		const it = agentStream("toast");
		for (let from = 20_001; from < 70_000; from += 1_000) it.fold(stream([long(from, from + 999)]), T0);
		it.insert(long(15_001, 20_000).events);
		for (let from = 70_001; from < 80_000; from += 1_000) it.fold(stream([long(from, from + 999)]), T0);
		it.tell();
		expect(first(it)).toBe("e15001");
		it.left();
		it.fold(stream([long(80_001, 80_001)]), T0);
		it.tell();
		expect(it.store.getState().events).toHaveLength(50_000);
	});
});

describe("following", () => {
	beforeEach(() => {
		vi.useFakeTimers({ now: T0 });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	test("SESSION-1: an agent is followed once however many readers, and left with the last", async () => {
		const { now, client } = await openLive();
		const first = client.follow("toast");
		const second = client.follow("toast");
		expect(now.of("follow")).toEqual([expect.objectContaining({ agent: "toast", cursor: null })]);
		first();
		first();
		expect(now.of("unfollow")).toEqual([]);
		second();
		expect(now.of("unfollow")).toHaveLength(1);
	});

	test("SESSION-3: after a loss followed streams go on from their cursor, told with hello", async () => {
		const { now, client, socket } = await openLive();
		client.follow("toast");
		now.say(stream([segment(1, 3)], { reset: "first" }));
		now.drop();
		const release = client.follow("maple");
		release();
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		expect(again.of("hello")[0]?.streams).toEqual([
			{ agent: "toast", cursor: { epoch: "s1", seq: 3, mark: "m3" } },
		]);
		client.follow("clove");
		again.say(welcome(again.of("hello")[0]?.id, { resumed: true }));
		expect(again.of("follow").map((message) => message.agent)).toEqual(["clove"]);
		again.say(stream([segment(4, 4)]));
		await vi.advanceTimersByTimeAsync(20);
		expect(client.stream("toast").getState().events).toHaveLength(4);
	});

	test("SESSION-5: after a gap the stream is followed again with its cursor", async () => {
		const { now, client } = await openLive();
		client.follow("toast");
		now.say(stream([segment(1, 3)], { reset: "first" }));
		now.say(stream([segment(9, 9)]));
		expect(now.of("follow").at(-1)).toMatchObject({ agent: "toast", cursor: { seq: 3 } });
	});

	test("STREAM-7: a follow that is refused says so to its reader", async () => {
		const { now, client } = await openLive();
		client.follow("foreign");
		const error = { code: "foreign-agent", message: "This agent belongs to another town." };
		now.say({ t: "answer", id: now.of("follow")[0]?.id, ok: false, error });
		await vi.advanceTimersByTimeAsync(20);
		expect(client.stream("foreign").getState().refused).toEqual(error);
	});

	test("SESSION-1: an agent that could not be reached is asked for again while it has a reader", async () => {
		const { now, client } = await openLive();
		const release = client.follow("toast");
		const error = { code: "agent_unreachable", message: "The agent's stream could not be reached." };
		now.say({ t: "answer", id: now.of("follow")[0]?.id, ok: false, error });
		await vi.advanceTimersByTimeAsync(5_000);
		expect(now.of("follow")).toHaveLength(2);
		now.answer("follow", { position: { epoch: "s1", seq: 0, mark: "" }, horizon: 1 });
		await vi.advanceTimersByTimeAsync(20);
		expect(client.stream("toast").getState().refused).toBeNull();
		release();
		await vi.advanceTimersByTimeAsync(10_000);
		expect(now.of("follow")).toHaveLength(2);
	});

	test("SESSION-5: what was left out is fetched page by page until it is whole", async () => {
		const { now, client } = await openLive();
		client.follow("toast");
		const left_out = [{ from: 2, to: 5, count: 4 }];
		now.say(
			stream([segment(1, 6, { events: [event(1, "e1"), event(6, "e6")], left_out })], { reset: "first" }),
		);
		const done = client.fetchLeftOut("toast");
		await vi.advanceTimersByTimeAsync(0);
		now.answer("query", { rows: [event(5, "e5"), event(4, "e4")], more: true });
		await vi.advanceTimersByTimeAsync(0);
		expect(now.of("query").at(-1)?.question).toMatchObject({ kind: "stream", agent: "toast", before: 4 });
		now.answer("query", { rows: [event(3, "e3"), event(2, "e2")], more: true });
		expect(await done).toMatchObject({ ok: true });
		expect(
			client
				.stream("toast")
				.getState()
				.events.map(([seq]) => seq),
		).toEqual([1, 2, 3, 4, 5, 6]);
	});

	test("SEC-3: many holes are fetched in one pass, by pages of their size, and told once; a failure keeps what was read", async () => {
		const { now, client } = await openLive();
		client.follow("toast");
		const left_out = Array.from({ length: 200 }, (_, i) => ({ from: 2 * i + 2, to: 2 * i + 2, count: 1 }));
		const events = Array.from({ length: 201 }, (_, i) => event(2 * i + 1, "kept"));
		now.say(stream([segment(1, 401, { events, left_out })], { reset: "first" }));
		const told = vi.fn();
		client.stream("toast").subscribe(told);
		await vi.advanceTimersByTimeAsync(20);
		told.mockClear();
		const before = now.of("query").length;
		const done = client.fetchLeftOut("toast");
		await vi.advanceTimersByTimeAsync(0);
		expect(now.of("query").at(-1)?.question).toMatchObject({ before: 401, bytes: 200 * 512 });
		const rows = (from: number, to: number) =>
			Array.from({ length: to - from + 1 }, (_, i) => event(to - i, "read"));
		now.answer("query", { rows: rows(101, 400), more: true });
		await vi.advanceTimersByTimeAsync(0);
		expect(now.of("query").at(-1)?.question).toMatchObject({ before: 101, bytes: 50 * 512 });
		const error = { code: "agent_unreachable", message: "gone" };
		now.say({ t: "answer", id: now.of("query").at(-1)?.id, ok: false, error });
		expect(await done).toEqual({ ok: false, error });
		const again = client.fetchLeftOut("toast");
		await vi.advanceTimersByTimeAsync(0);
		now.answer("query", { rows: rows(1, 100), more: false });
		expect(await again).toMatchObject({ ok: true });
		expect(now.of("query").length - before).toBe(3);
		expect(told).toHaveBeenCalledTimes(2);
		const state = client.stream("toast").getState();
		expect([state.leftOut, state.events.length]).toEqual([[], 401]);
	});
});
