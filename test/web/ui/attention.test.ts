// @vitest-environment node
import { expect, test } from "vitest";
import type { Finding } from "../../../shared/diagnosis/finding.ts";
import { attentionAfter, CLEARED_STAYS_MS, folded, lookedAt } from "../../../web/ui/attention/attention.ts";
import { behindWords, recoversWords } from "../../../web/ui/attention/finding-words.ts";

const finding = (code: string, extra: Partial<Finding> = {}): Finding => ({
	code,
	severity: "critical",
	subject: { kind: "agent", id: "a" },
	sentence: code,
	measured: [],
	evidence: [],
	since: 0,
	behind: [],
	recovers: { who: "button", text: "restarts used 3 of 3" },
	remedy: [],
	ruledOut: [],
	needs: [],
	because: null,
	...extra,
});
const codes = (items: { finding: Finding }[]) => items.map((item) => item.finding.code);

test("DIAG-2: only roots stand in the rail; a consequence has no line of its own", () => {
	const list = attentionAfter([], [finding("a"), finding("b", { because: "a:agent:a" })], 0, false, true);
	expect(codes(list)).toEqual(["a"]);
});

test("PAGE-2: while the list is held nothing moves and what is new waits at its end (L10)", () => {
	const before = attentionAfter([], [finding("a"), finding("b")], 0, false, true);
	const now = [finding("new"), finding("b"), finding("a")];
	expect(codes(attentionAfter(before, now, 1, true, false))).toEqual(["a", "b", "new"]);
	expect(codes(attentionAfter(before, now, 1, false, false))).toEqual(["new", "b", "a"]);
});

test("DIAG-1: a cleared finding stays a minute in its place, then folds; one that returns says after how long", () => {
	let list = attentionAfter([], [finding("a"), finding("b")], 0, false, true);
	list = attentionAfter(list, [finding("b")], 1_000, false, false);
	expect(list[0]).toMatchObject({ key: "a:agent:a", clearedAt: 1_000 });
	expect(folded(list, 1_000 + CLEARED_STAYS_MS - 1).shown).toHaveLength(2);
	expect(codes(folded(list, 1_000 + CLEARED_STAYS_MS).cleared)).toEqual(["a"]);
	list = attentionAfter(list, [finding("a"), finding("b")], 361_000, false, false);
	expect(list[0]).toMatchObject({ clearedAt: null, cameBackAfter: 360_000 });
});

test("DIAG-1: what was away for some seconds only, while its proof was read anew, has not come back", () => {
	let list = attentionAfter([], [finding("a")], 0, false, true);
	list = attentionAfter(list, [], 1_000, false, false);
	list = attentionAfter(list, [finding("a")], 5_000, false, false);
	expect(list[0]).toMatchObject({ clearedAt: null, cameBackAfter: null });
});

test("DIAG-1: what cleared yesterday is not among what cleared today; what cleared a moment ago is, at midnight too", () => {
	const noon = new Date("2026-11-22T12:00:00").getTime();
	const midnight = new Date("2026-11-23T00:00:00").getTime();
	let list = attentionAfter([], [finding("a"), finding("b")], noon, false, true);
	list = attentionAfter(list, [finding("b")], noon + 1_000, false, false);
	list = attentionAfter(list, [], midnight - 10_000, false, false);
	expect(codes(list)).toEqual(["a", "b"]);
	list = attentionAfter(list, [], midnight + 10_000, false, false);
	expect(codes(list)).toEqual(["b"]);
	expect(attentionAfter(list, [], midnight + CLEARED_STAYS_MS, false, false)).toEqual([]);
});

test("DIAG-1: what is new is bold until it was looked at; what was there at first is not new", () => {
	const first = attentionAfter([], [finding("a")], 0, false, true);
	expect(first[0]?.fresh).toBe(false);
	const next = attentionAfter(first, [finding("a"), finding("b")], 1, false, false);
	expect(next[1]?.fresh).toBe(true);
	expect(lookedAt(next, "b:agent:a")[1]?.fresh).toBe(false);
});

test("DIAG-1: who mends it, and how much is behind it, in words", () => {
	expect(recoversWords(finding("a"))).toBe("Not by itself: restarts used 3 of 3");
	const owners = (text: string) =>
		recoversWords(finding("a", { recovers: { who: "user", text, message: "Please." } }));
	expect(owners("Only the town's owner can: there is no credit left.")).toBe(
		"Only the owner can: there is no credit left",
	);
	expect(owners("Only the town's owner can.")).toBe("Only the owner can");
	expect(
		recoversWords(finding("a", { recovers: { who: "self", at: null, text: "Gastown resets it" } })),
	).toBe("By itself: Gastown resets it");
	expect(
		behindWords([
			{ kind: "agent", id: "1" },
			{ kind: "bead", id: "2" },
			{ kind: "agent", id: "3" },
		]),
	).toBe("2 agents, 1 bead");
});
