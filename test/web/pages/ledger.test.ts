import { expect, test } from "vitest";
import { foldLedger, type LedgerStory, ledgerLines, storiesAbout } from "../../../shared/ledger/fold.ts";
import { chainBreak, chainLook } from "../../../web/ledger/chain.ts";
import { pressedInVain } from "../../../web/ledger/in-vain.ts";
import { storyTitle } from "../../../web/ledger/story-words.ts";
import { aLedgerEntry } from "./fixtures/rows.ts";

const intent = {
	name: "agent.reset", target: "toast", target_name: "Toast", params: {}, reason: "stalled", case: "case 4711",
	saw: { status: "stalled" }, finding: null, seq: 41,
}; // biome-ignore format: a body
const outcome = {
	outcome: "applied", code: null, message: null, at: 2, before: { status: "stalled" }, after: { status: "idle" }, seq: 44,
	effects: [{ label: "bead is open", entity: "beads", key: "b1", is: { status: "open" }, outside: false }], within: 30_000,
}; // biome-ignore format: a body

test("LEDGER-3: rows are folded by intervention, in any order and with doubles, newest first", () => {
	const rows = [
		aLedgerEntry({ n: 3, id: "a", step: "proof", body: { seen: true, ms: 1_800, seq: 45, missing: [] } }),
		aLedgerEntry({ n: 1, id: "a", step: "intent", body: intent }),
		aLedgerEntry({ n: 2, id: "a", step: "outcome", body: outcome }),
		aLedgerEntry({ n: 2, id: "a", step: "outcome", body: outcome }),
		aLedgerEntry({ n: 4, id: "b", step: "access", body: { case: "look", event: "opened", seconds: null } }),
	];
	const stories = foldLedger(rows);
	expect(stories.map(({ id, state, steps }) => [id, state, steps.length])).toEqual([
		["b", "access", 1],
		["a", "seen", 3],
	]);
	expect(storiesAbout(stories, "toast").map(({ id }) => id)).toEqual(["a"]);
	expect(storiesAbout(stories, "b1").map(({ id }) => id)).toEqual(["a"]);
});

test("P4: applied is not done, not seen is told apart, a return outranks the effect", () => {
	const state = (...steps: [string, Record<string, unknown>][]) =>
		foldLedger(steps.map(([step, body], at) => aLedgerEntry({ n: at + 1, step, body })))[0]?.state;
	expect(state(["intent", intent], ["outcome", outcome])).toBe("applied");
	expect(
		state(
			["intent", intent],
			["outcome", outcome],
			["proof", { seen: false, ms: 9, seq: 0, missing: ["x"] }],
		),
	).toBe("not_seen");
	expect(
		state(
			["intent", intent],
			["outcome", outcome],
			["proof", { seen: true, ms: 9, seq: 50, missing: [] }],
			["cleared", { cleared: false, finding: "f", ms: 360_000 }],
		),
	).toBe("came_back");
	expect(state(["intent", intent], ["cancelled", {}])).toBe("cancelled");
});

test("LEDGER-3: a row that does not name the hash before it is found; unknown neighbours are not accused", () => {
	const row = (n: number, prev_hash: string, hash: string) =>
		aLedgerEntry({ n, id: String(n), prev_hash, hash });
	expect(chainBreak([row(1, "", "a"), row(2, "a", "b"), row(3, "b", "c")])).toBeNull();
	expect(chainBreak([row(3, "x", "c"), row(1, "", "a"), row(2, "a", "b")])).toBe(3);
	expect(chainBreak([row(1, "", "a"), row(5, "x", "e")])).toBeNull();
});

test("LEDGER-3: rows that are not known here are told as a hole, not as part of an unbroken chain", () => {
	const words = (numbers: number[], more = false) =>
		chainLook(
			numbers.map((n) => aLedgerEntry({ n, prev_hash: `h${n - 1}`, hash: `h${n}` })),
			more,
		)?.word;
	expect(words([38, 39, 62, 63, 65], true)).toBe(
		"Rows 38 to 65: 40 to 61, 64 not loaded, the others follow one another; older ones are not loaded",
	);
	expect(words([3, 4, 5])).toBe("Rows 3 to 5 follow one another");
	expect(words([])).toBeUndefined();
});

test("P5: neighbouring visits are one quiet line, what was done stands by itself", () => {
	const visit = (n: number, id: string, seconds: number | null) =>
		aLedgerEntry({
			n,
			id,
			step: "access",
			body: { case: "case 4711", event: seconds === null ? "opened" : "left", seconds },
		});
	const stories = foldLedger([
		visit(1, "v1", 12),
		visit(2, "v2", 70),
		aLedgerEntry({ n: 3, id: "a", step: "intent", body: intent }),
		visit(4, "v3", null),
	]);
	expect(
		ledgerLines(stories).map((line) => (line.kind === "visits" ? line.stories.length : line.story.id)),
	).toEqual([1, "a", 2]);
	expect(stories.filter(({ state }) => state === "access").map(storyTitle)).toEqual([
		"Opened, open now: case 4711",
		"Opened for 1m 10s: case 4711",
		"Opened for 12 s: case 4711",
	]);
});

test("LEDGER-8: what was pressed for the same cause and did not help is counted; what helped, and other causes, are not", () => {
	const story = (state: string, code: string, name = "agent.reset") =>
		({ state, intent: { name, target: "a", finding: { code } } }) as unknown as LedgerStory;
	const stories = [
		story("came_back", "agent.gupp-timeout"),
		story("not_seen", "agent.gupp-timeout"),
		story("cleared", "agent.gupp-timeout"),
		story("came_back", "agent.process-crashed"),
		story("came_back", "agent.gupp-timeout", "agent.kill"),
	];
	const reset = { name: "agent.reset", target: "a" };
	expect(pressedInVain(stories, { code: "agent.gupp-timeout" }, reset)).toBe(2);
	expect(pressedInVain(stories, { code: "agent.gupp-timeout" }, { ...reset, target: "b" })).toBe(0);
});
