import { expect, test } from "vitest";
import { remedyEnd } from "../../scripts/drills/remedy-end.ts";
import { foldLedger } from "../../shared/ledger/fold.ts";
import { aLedgerEntry } from "../web/pages/fixtures/rows.ts";

const EFFECT = { label: "it runs", entity: "town_state", key: "container", is: {}, outside: false };
const outcome = (outcome: string) => ({
	...{
		outcome,
		code: null,
		message: null,
		at: 1,
		before: {},
		after: {},
		seq: 1,
		effects: [EFFECT],
		within: 1,
	},
});

/** Stories of a remedy: for each step its outcome, and whether its effect was seen where that is known. */
function endOf(...steps: [outcome: string | null, seen?: boolean][]) {
	const rows = steps.flatMap(([said, seen], at) => [
		...(said === null ? [] : [aLedgerEntry({ n: 1, id: `${at}`, step: "outcome", body: outcome(said) })]),
		...(seen === undefined
			? []
			: [aLedgerEntry({ n: 2, id: `${at}`, step: "proof", body: { seen, ms: 1, seq: 2, missing: [] } })]),
	]);
	const { over, unseen, acted } = remedyEnd(
		foldLedger(rows),
		steps.map((_, at) => `${at}`),
	);
	return { over, unseen, acted: acted?.id ?? null };
}

test("DIAG-4: a remedy has gone well where each effect was seen, or was there before it was asked for", () => {
	const well = { over: true, unseen: [] };
	expect(endOf(["applied", true], ["applied", true])).toEqual({ ...well, acted: "1" });
	// The scheduler had started the container by itself: the step before it is the one that mended.
	expect(endOf(["applied", true], ["noop"])).toEqual({ ...well, acted: "0" });
});

test("DIAG-4: a remedy that had nothing to do mended nothing", () => {
	expect(endOf(["noop"], ["noop"])).toEqual({ over: true, unseen: [], acted: null });
});

test("DIAG-4: a remedy is over at the first step that was refused or not seen, and before that while an effect is awaited", () => {
	expect(endOf(["refused"], [null])).toEqual({ over: true, unseen: ["0", "1"], acted: null });
	expect(endOf(["applied", false], [null])).toEqual({ over: true, unseen: ["0", "1"], acted: "0" });
	expect(endOf(["applied", true], ["applied"])).toEqual({ over: false, unseen: ["1"], acted: "1" });
	expect(endOf([null])).toEqual({ over: false, unseen: ["0"], acted: null });
});
