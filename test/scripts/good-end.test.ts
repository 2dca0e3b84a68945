import { expect, test } from "vitest";
import { unfinishedIn } from "../../scripts/drills/good-end.ts";
import type { DrillRun } from "../../shared/drills/index.ts";
import { said } from "../shared/diagnosis/states/rows.ts";
import { dead, failing, withMayor } from "../shared/diagnosis/states/scenario-7.ts";
import { before } from "../shared/diagnosis/town.ts";

const run = (more: Partial<DrillRun>): DrillRun => ({
	...{ code: "mayor.crashed", town: "t", state: "broken", broken_at: 0, error: null, work: [] },
	...more,
});
const reached = (minutes: number) => [said("n1", { status: "delivered", delivered_at: before(minutes) })];
const answered = (town: Parameters<typeof unfinishedIn>[0]) =>
	unfinishedIn(town, run({ answered: true })).length === 0;

test("DIAG-4: the Mayor has answered once a turn that came after the last message is over, without an error", () => {
	const over = { turn_since: null };
	expect(answered(withMayor({ nudges: reached(1), signals: over }))).toBe(true);
	expect(answered(withMayor({ nudges: reached(1) })), "its turn is under way").toBe(false);
	expect(answered(withMayor({ nudges: reached(0), signals: over })), "it said nothing since").toBe(false);
	expect(answered(withMayor({ nudges: [said("n1")], signals: over })), "a message waits").toBe(false);
	expect(answered(failing(400, { nudges: reached(2) })), "its turn failed").toBe(false);
	expect(answered(dead({}, { nudges: reached(2), signals: { ...over, last_step_at: null } }))).toBe(false);
});

test("DIAG-4: work ends well where its beads are closed, and what the remedy gives up has failed", () => {
	const town = withMayor();
	expect(unfinishedIn(town, run({}))).toEqual([]);
	expect(unfinishedIn(town, run({ work: ["b", "c"] }))).toEqual(["b is in_progress", "c is gone"]);
	expect(unfinishedIn(town, run({ given_up: ["b"] }))).toEqual(["b is in_progress"]);
});
