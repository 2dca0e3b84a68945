import { expect, test } from "vitest";
import { BULK, BULK_VERBS, CATALOGUE, sortOut } from "../../../shared/interventions/index.ts";
import { lookupOf } from "../../../shared/town-view/index.ts";
import { aBead, anAgent, container, townOf, works } from "../diagnosis/town.ts";

const town = townOf({
	agent_metadata: [anAgent("toast", works("b")), anAgent("clove")],
	beads: [
		aBead("b", { title: "Fix login", status: "in_progress", assignee_agent_bead_id: "toast" }),
		aBead("done", { title: "Old one", status: "closed" }),
		aBead("free", { title: "Paint" }),
	],
	town_state: [container()],
});
const look = lookupOf(town);
const entryOf = (name: string) => {
	const entry = CATALOGUE[name];
	if (!entry) throw new Error(`no entry ${name}`);
	return entry;
};

test("LEDGER-5: of a selection those are named that can be done, and why the others cannot, by the town's own rules", () => {
	const reset = sortOut(entryOf("agent.reset"), ["toast", "clove"], {}, look);
	expect(reset.can).toEqual([{ id: "toast", name: "Toast" }]);
	expect(reset.cannot).toEqual([
		{ id: "clove", name: "Clove", why: expect.stringMatching(/^Already idle, no bead, no process/) },
	]);
	expect(reset.danger).toBe("disruptive");
	const close = sortOut(entryOf("bead.close"), ["free", "done", "gone"], {}, look);
	expect(close.can.map(({ name }) => name)).toEqual(['"Paint"']);
	expect(close.cannot.map(({ why }) => why.slice(0, 14))).toEqual(["Already closed", "This bead does"]);
	// The selection is as dangerous as the worst of it.
	expect(close.danger).toBe("safe");
	expect(sortOut(entryOf("bead.close"), ["free", "b"], {}, look).danger).toBe("disruptive");
});

test("each action on a selection is one of the catalogue, on its kind of rows, with its verb", () => {
	for (const [kind, names] of Object.entries(BULK))
		for (const name of names)
			expect([CATALOGUE[name]?.target, typeof BULK_VERBS[name]]).toEqual([
				kind === "merge request" ? "bead" : kind,
				"string",
			]);
});
