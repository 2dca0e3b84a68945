import { expect, test } from "vitest";
import { envelopeOf } from "../../../shared/protocol/index.ts";
import { Hearing } from "../../../worker/admin-session/hearing.ts";
import { withReason } from "../../../worker/admin-session/once-read.ts";
import { Tail, TailBudget } from "../../../worker/admin-session/tail.ts";

const at = (seq: number, mark = `m${seq}`, epoch = "e") => ({ epoch, seq, mark });
const batch = (from: number, to: number) => ({ from, to, at: 0, cause: null, mark: `m${to}`, changes: [] });
const frame = (from: number, to: number, batches = [batch(from, to)], epoch = "e") =>
	JSON.stringify({ t: "changes", epoch, from, to, mark: `m${to}`, sent_at: 1, batches });
const state = (seq: number, part: number, last: boolean) =>
	JSON.stringify({ t: "state", position: at(seq), reason: "first", part, last, total: 1, tables: [] });
const head = (seq: number, mark = `m${seq}`) =>
	JSON.stringify({ t: "head", position: at(seq, mark), horizon: 1, now: 5 });

const tailOf = (...ends: number[]) => {
	const tail = new Tail();
	tail.restart(at(0, ""));
	let from = 1;
	for (const to of ends) {
		tail.append({ from, to, mark: `m${to}`, text: frame(from, to) });
		from = to + 1;
	}
	return tail;
};

test("SESSION-3: a cursor is found in the tail, at its head, before it or elsewhere", () => {
	const tail = tailOf(3, 5, 9);
	expect(tail.place(at(9))).toEqual({ at: "head" });
	expect(tail.place(at(3))).toMatchObject({ at: "frame", frame: { from: 4, to: 5 } });
	expect(tail.place(at(0, ""))).toMatchObject({ at: "frame", frame: { from: 1 } });
	expect(tail.place(at(10))).toEqual({ at: "ahead" });
	expect(tail.place(at(9, "other"))).toEqual({ at: "elsewhere", reason: "mark" });
	expect(tail.place(at(3, "other"))).toEqual({ at: "elsewhere", reason: "mark" });
	expect(tail.place(at(3, "m3", "f"))).toEqual({ at: "elsewhere", reason: "epoch" });
	tail.dropOldest();
	expect(tail.place(at(0, ""))).toEqual({ at: "older" });
	expect(tail.place(at(3))).toMatchObject({ at: "frame", frame: { from: 4 } });
});

test("SESSION-3: a cursor between two batches of a frame holds only with the mark of that place", () => {
	const tail = new Tail();
	tail.restart(at(0, ""));
	tail.append({ from: 1, to: 4, mark: "m4", text: frame(1, 4, [batch(1, 2), batch(3, 4)]) });
	expect(tail.place(at(2))).toMatchObject({ at: "frame", frame: { from: 1, to: 4 } });
	expect(tail.place(at(2, "other"))).toEqual({ at: "elsewhere", reason: "mark" });
	expect(tail.place(at(3))).toEqual({ at: "elsewhere", reason: "mark" });
});

test("SESSION-4: tails together stay within their budget, the biggest giving way, never the newest frame", () => {
	const budget = new TailBudget(1_000);
	const [big, small] = [tailOf(), tailOf()];
	budget.add(big);
	budget.add(small);
	small.append({ from: 1, to: 1, mark: "m1", text: "x".repeat(100) });
	for (let n = 1; n <= 300; n++) {
		big.append({ from: n, to: n, mark: `m${n}`, text: "y".repeat(90) });
		budget.trim();
		expect(big.size + small.size).toBeLessThanOrEqual(1_000);
	}
	expect(small.length).toBe(1);
	expect(big.size).toBe(900);
	expect(big.place(at(289))).toEqual({ at: "older" });
	expect(big.place(at(290))).toMatchObject({ at: "frame", frame: { from: 291 } });
	big.append({ from: 301, to: 301, mark: "m301", text: "z".repeat(5_000) });
	budget.trim();
	expect(big.length).toBe(1);
	expect(big.sizeAfter(at(300))).toBe(5_000);
});

test("FEED-2: what does not follow is a gap, what was heard before is nothing", () => {
	const tail = tailOf();
	const hearing = new Hearing(tail);
	expect(hearing.hear(frame(1, 2))).toMatchObject({ kind: "frame" });
	expect(hearing.hear(frame(1, 2))).toEqual({ kind: "nothing" });
	expect(hearing.hear(frame(4, 5))).toMatchObject({ kind: "gap" });
	expect(hearing.hear(frame(2, 3))).toMatchObject({ kind: "gap" });
	expect(hearing.hear(frame(3, 3, [batch(3, 3)], "f"))).toMatchObject({ kind: "gap" });
	expect(tail.head).toEqual(at(2));
	expect(hearing.hear(head(2))).toMatchObject({ kind: "head", same: true });
	expect(hearing.hear(head(2, "other"))).toMatchObject({ kind: "head", same: false });
	expect(hearing.hear(head(7))).toMatchObject({ kind: "head", same: false });
	expect(hearing.hear('{"t":"pong"}')).toEqual({ kind: "nothing" });
	expect(hearing.hear("noise")).toEqual({ kind: "noise" });
});

test("FEED-3: a state counts when all its chunks have come in order", () => {
	const tail = tailOf(4);
	const hearing = new Hearing(tail);
	expect(hearing.hear(state(9, 0, false))).toEqual({ kind: "nothing" });
	expect(hearing.hear(state(9, 2, true))).toEqual({ kind: "nothing" });
	expect(tail.head).toEqual(at(4));
	hearing.begin();
	hearing.hear(state(9, 0, false));
	expect(hearing.hear(state(9, 1, true))).toMatchObject({ kind: "restart", base: { position: at(9) } });
	expect(tail.head).toEqual(at(9));
	expect(hearing.hear(frame(10, 10))).toMatchObject({ kind: "frame" });
});

test("SESSION-4: an envelope is read without its payload, whatever that holds", () => {
	const tricky = JSON.stringify({
		t: "stream",
		agent: 'a","segments":[',
		epoch: "e",
		from: 1,
		to: 2,
		mark: "m",
		horizon: 1,
		segments: [{ nonsense: true }],
	});
	expect(envelopeOf(tricky)).toMatchObject({ t: "stream", agent: 'a","segments":[', to: 2 });
	expect(envelopeOf(tricky.slice(0, -10))).toMatchObject({ t: "stream", to: 2 });
	expect(envelopeOf('{"t":"changes","batches":[]}')).toBeNull();
	expect(envelopeOf("{")).toBeNull();
});

test("SESSION-3: one text of a state serves readers who need it for different reasons", () => {
	const text = state(3, 0, true).replace('"tables":[]', '"tables":[["beads",[{"reason":"first"}]]]');
	expect(withReason(text, "first")).toBe(text);
	expect(JSON.parse(withReason(text, "mark"))).toEqual({ ...JSON.parse(text), reason: "mark" });
});
