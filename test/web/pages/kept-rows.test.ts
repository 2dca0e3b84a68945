import { expect, test } from "vitest";
import { emptyTown, lookupOf } from "../../../shared/town-view/index.ts";
import { agentRows } from "../../../web/town/agent-rows.ts";
import { beadRows } from "../../../web/town/bead-rows.ts";
import { keptRows } from "../../../web/town/kept-rows.ts";
import { aBead, anAgent, START } from "./fixtures/rows.ts";

const seen = <R extends { key: string }>(rows: readonly R[]) => new Map(rows.map((row) => [row.key, row]));

/** A town of three beads and an agent, and a way to look at it a second later. */
function town() {
	const view = emptyTown();
	let now = START;
	for (const bead of ["a", "b", "c"].map((bead_id) => aBead({ bead_id, labels: ["x"] })))
		view.tables.beads.set(bead.bead_id, bead);
	view.tables.agent_metadata.set("toast", anAgent({ bead_id: "toast" }));
	const sight = () => {
		now += 1_000;
		return { look: lookupOf(view), now, heartbeatAt: () => null };
	};
	return { view, sight };
}

test("P2: a second that goes by makes no row another, for beads and agents alike", () => {
	const { view, sight } = town();
	const beads = beadRows(view, sight());
	const beadsAfter = keptRows(seen(beads), beadRows(view, sight()));
	expect(beadsAfter.map((row, n) => row === beads[n])).toEqual([true, true, true]);
	const agents = agentRows(view, sight(), new Map());
	expect(keptRows(seen(agents), agentRows(view, sight(), new Map()))[0]).toBe(agents[0]);
});

test("a change makes another row of the one that it changes, and of no other", () => {
	const { view, sight } = town();
	const before = beadRows(view, sight());
	view.tables.beads.set("b", aBead({ bead_id: "b", status: "failed", labels: ["x"] }));
	const after = keptRows(seen(before), beadRows(view, sight()));
	expect(after.map((row, n) => row === before[n])).toEqual([true, false, true]);
	expect(after[1]?.look.word).toBe("Failed");
});

test("a row that has lost or got a field is another one", () => {
	type Loose = { key: string; look?: { word: string; of?: number } };
	const before = seen<Loose>([{ key: "a", look: { word: "x", of: 1 } }]);
	for (const row of [
		{ key: "a" },
		{ key: "a", look: { word: "x" } },
		{ key: "a", look: { word: "x", of: 2 } },
	])
		expect(keptRows(before, [row])[0]).toBe(row);
	expect(keptRows(before, [{ key: "a", look: { word: "x", of: 1 } }])[0]).toBe(before.get("a"));
});

test("an agent's starts are counted against its rig's own limit", () => {
	const { view, sight } = town();
	const limit = () => agentRows(view, sight(), new Map())[0]?.maxAttempts;
	expect(limit()).toBe(5);
	view.tables.beads.set("toast", aBead({ bead_id: "toast", type: "agent", rig_id: "r" }));
	view.tables.rigs.set("r", { config: { max_dispatch_attempts: 3 } } as never);
	expect(limit()).toBe(3);
});
