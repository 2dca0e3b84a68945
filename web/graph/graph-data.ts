import { membersOf } from "../../shared/interventions/review-reading.ts";
import { blockedBy, blockersOf, lookupOf, type TownView } from "../../shared/town-view/index.ts";

/** Beads and what waits for what: `from` has to be closed before `to` may start. */
export type BeadGraph = {
	/** `steps` away from what the graph is of. `bead` is missing where it was deleted. */
	nodes: string[];
	edges: { from: string; to: string }[];
	/** Beads that were left out, so that it stays readable. */
	left: number;
};

/** More are no picture any more. */
const MOST = 60;

/**
 * Of a convoy: its members, and whatever blocks them. Of any other bead: what it waits for and what waits for it, directly
 * and through others.
 */
export function beadGraph(view: TownView, root: string): BeadGraph {
	const convoy = view.tables.beads.get(root)?.type === "convoy";
	const { beads, missing } = convoy ? membersOf(root, lookupOf(view)) : { beads: [], missing: [] };
	const begin = convoy ? [...beads.map(({ bead_id }) => bead_id), ...missing] : [root];
	const found = new Set(begin);
	const up = (id: string) => blockersOf(view, id).map((blocker) => blocker.id);
	reach(begin, up, found);
	if (!convoy) reach(begin, (id) => blockedBy(view, id), found);
	const nodes = [...found].slice(0, MOST);
	const shown = new Set(nodes);
	const edges = nodes.flatMap((to) => up(to).flatMap((from) => (shown.has(from) ? [{ from, to }] : [])));
	return { nodes, edges, left: found.size - nodes.length };
}

/** Adds all that is reached from these by `next`, breadth first; a cycle ends where it began. */
function reach(from: readonly string[], next: (id: string) => string[], found: Set<string>): void {
	const queue = [...from];
	const seen = new Set(queue);
	for (let id = queue.shift(); id !== undefined; id = queue.shift())
		for (const one of next(id)) {
			if (seen.has(one)) continue;
			seen.add(one);
			found.add(one);
			queue.push(one);
		}
}
