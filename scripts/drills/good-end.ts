import type { DrillRun } from "../../shared/drills/index.ts";
import { rowsOf, type TownView, timeOf } from "../../shared/town-view/index.ts";

/** What of a drill's work has not ended as it is to, in words; empty once all has. */
export function unfinishedIn(view: TownView, { work, given_up = [], answered }: DrillRun): string[] {
	const statusOf = (id: string) => view.tables.beads.get(id)?.status;
	const isNot = (end: string) => (id: string) =>
		statusOf(id) === end ? [] : [`${id} is ${statusOf(id) ?? "gone"}`];
	return [
		...work.flatMap(isNot("closed")),
		...given_up.flatMap(isNot("failed")),
		...(answered && !hasAnswered(view) ? ["the Mayor has not answered"] : []),
	];
}

/** Everything that it was told has reached it, and the turn that the last of it began has ended well. */
function hasAnswered({ tables, indexes }: TownView): boolean {
	const mayor = [...tables.agent_metadata.values()].find(({ role }) => role === "mayor");
	const signals = mayor && tables.agent_signals.get(mayor.bead_id);
	if (!mayor || !signals || signals.turn_since !== null || signals.last_error !== null) return false;
	const nudges = rowsOf<"agent_nudges">(tables.agent_nudges, indexes.nudgesByAgent.get(mayor.bead_id));
	const last = Math.max(
		...nudges.map(({ delivered_at }) => timeOf(delivered_at) ?? Number.POSITIVE_INFINITY),
	);
	return (signals.last_step_at ?? 0) > last;
}
