import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Envelope, envelopeOf, joinFrames, LIMITS } from "../../../shared/protocol/index.ts";
import { JOIN_READERS, Joiner, joinMs } from "../../../worker/admin-session/joiner.ts";

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
	vi.useRealTimers();
});

const batch = (seq: number, more = "") => ({
	from: seq, to: seq, at: seq, cause: null, mark: `m${seq}`,
	changes: [[seq, "beads", "b", "put", { title: `]}","batches":[ ${more}` }]],
}); // biome-ignore format: short
const changes = (from: number, to: number, more = "", epoch = "e") =>
	JSON.stringify({
		t: "changes", epoch, from, to, mark: `m${to}`, sent_at: to,
		batches: Array.from({ length: to - from + 1 }, (_, n) => batch(from + n, more)),
	}); // biome-ignore format: short
const segment = (seq: number) => ({ from: seq, to: seq, at: 0, attempt: null, mark: `m${seq}`, events: [] });
const stream = (from: number, segments: unknown[], more: Record<string, unknown> = {}) =>
	JSON.stringify({
		t: "stream", agent: 'a","segments":[', epoch: "e", from, to: from + segments.length - 1,
		mark: `m${from + segments.length - 1}`, horizon: from, ...more, segments,
	}); // biome-ignore format: short
const frameOf = (text: string) => ({
	envelope: envelopeOf(text) as Extract<Envelope, { t: "changes" | "stream" }>,
	text,
});

/** A joiner of a feed at seq 0; `load` is how long it gathers. */
function kit(load = 16) {
	const passed: string[] = [];
	const at = { seq: 0, epoch: "e", mark: "" };
	const now = { load };
	const joiner = new Joiner({
		ms: () => now.load,
		head: () => at,
		pass(text) {
			passed.push(text);
			const envelope = envelopeOf(text);
			if (envelope?.t === "changes" && envelope.from === at.seq + 1) at.seq = envelope.to;
		},
	});
	const spans = () =>
		passed
			.map(envelopeOf)
			.map((envelope) => (envelope && "to" in envelope ? [envelope.from, envelope.to] : envelope?.t));
	return { joiner, passed, spans, now };
}

test("SESSION-4: nobody waits up to 64 readers; beyond, 16 to 50 ms as readers grow", () => {
	expect([0, 1, JOIN_READERS].map(joinMs)).toEqual([0, 0, 0]);
	expect([JOIN_READERS + 1, 100, 200, 5_000].map(joinMs)).toEqual([16, 25, 50, 50]);
});

test("SESSION-4: joined frames are the text that the source would have sent for all of them", () => {
	const texts = [changes(1, 2), changes(3, 3), changes(4, 6)];
	expect(joinFrames(texts.map(frameOf))).toBe(changes(1, 6));
	expect(joinFrames([frameOf(changes(7, 7))])).toBe(changes(7, 7));
	const streams = [stream(1, [segment(1), segment(2)]), stream(3, [segment(3)], { horizon: 2 })];
	expect(joinFrames(streams.map(frameOf))).toBe(
		stream(1, [segment(1), segment(2), segment(3)], { horizon: 2 }),
	);
});

test("SESSION-4: the first frame goes at once, those that follow within the time as one, and none is kept after it", () => {
	const { joiner, spans, passed } = kit(16);
	for (const [from, to] of [[1, 1], [2, 4], [5, 5]] as const) joiner.take(changes(from, to)); // biome-ignore format: short
	expect(spans()).toEqual([[1, 1]]);
	vi.advanceTimersByTime(15);
	expect(spans()).toEqual([[1, 1]]);
	vi.advanceTimersByTime(1);
	expect(spans()).toEqual([[1, 1], [2, 5]]); // biome-ignore format: short
	expect(passed[1]).toBe(changes(2, 5));
	joiner.take(changes(6, 6));
	vi.advanceTimersByTime(16);
	expect(spans().at(-1)).toEqual([6, 6]);
	vi.advanceTimersByTime(100);
	expect(vi.getTimerCount()).toBe(0);
	joiner.take(changes(7, 7));
	expect(spans().at(-1)).toEqual([7, 7]);
});

test("SESSION-4: when the load has gone what is held goes with the next frame, and then each as it comes", () => {
	const { joiner, spans, now } = kit(50);
	for (const seq of [1, 2, 3]) joiner.take(changes(seq, seq));
	now.load = 0;
	for (const seq of [4, 5]) joiner.take(changes(seq, seq));
	expect(spans()).toEqual([[1, 1], [2, 4], [5, 5]]); // biome-ignore format: short
});

test("SESSION-4, FEED-2: what is no frame that follows goes behind what is held, and is never joined", () => {
	const head = JSON.stringify({
		t: "head",
		position: { epoch: "e", seq: 3, mark: "m3" },
		horizon: 0,
		now: 1,
	});
	for (const text of [changes(5, 6), changes(2, 3), changes(4, 4, "", "f"), head, "noise", stream(4, [], { reset: "first" })]) {
		const { joiner, passed } = kit();
		for (const seq of [1, 2, 3]) joiner.take(changes(seq, seq));
		joiner.take(text);
		expect(passed).toEqual([changes(1, 1), changes(2, 3), text]);
	} // biome-ignore format: short
	const { joiner, spans } = kit();
	for (const seq of [1, 2]) joiner.take(changes(seq, seq));
	joiner.take('{"t":"pong"}');
	joiner.take(changes(3, 3));
	vi.advanceTimersByTime(16);
	expect(spans()).toEqual([[1, 1], "pong", [2, 3]]);
});

test("SESSION-4: a joined text is no larger than a chunk, and a feed that hangs up keeps nothing", () => {
	const { joiner, passed, spans } = kit();
	const large = "x".repeat(LIMITS.chunkBytes / 3);
	for (let seq = 1; seq <= 8; seq++) joiner.take(changes(seq, seq, large));
	expect(spans()).toEqual([[1, 1], [2, 3], [4, 5], [6, 7]]); // biome-ignore format: short
	for (const text of passed) expect(text.length).toBeLessThanOrEqual(LIMITS.chunkBytes);
	joiner.clear();
	vi.advanceTimersByTime(1_000);
	expect(spans()).toHaveLength(4);
});
