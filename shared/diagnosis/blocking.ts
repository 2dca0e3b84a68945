import type { Bead } from "../gastown/index.ts";
import { type BlockerEnd, blockedBy, blockersOf } from "../town-view/index.ts";
import type { Facts } from "./facts.ts";
import { push } from "./lists.ts";

/** Why an unfinished bead can never start: the end of its chain, and the next bead on the way there. */
export type Blocked = {
	end: Exclude<BlockerEnd, "open">;
	/** The failed or missing blocker, or a bead of the cycle. */
	culprit: string;
	/** The bead that waits for the culprit directly. */
	first: string;
	/** Dependencies from this bead down to the culprit. */
	links: number;
};

/**
 * All beads behind a blocker that cannot finish, each with its nearest. One pass upwards from the culprits, so that a
 * thousand beads behind one failure cost a thousand steps.
 */
export function blockedBeads({ view, unfinished }: Facts): Map<string, Blocked> {
	const waiting = new Map<string, Bead>();
	for (const bead of unfinished) if (bead.status !== "failed") waiting.set(bead.bead_id, bead);
	const found = new Map<string, Blocked>();
	const queue: string[] = [];
	const note = (id: string, blocked: Blocked) => {
		if (found.has(id) || !waiting.has(id)) return;
		found.set(id, blocked);
		queue.push(id);
	};
	const edges = new Map<string, string[]>();
	for (const id of waiting.keys()) {
		if (!view.indexes.dependencies.has(id)) continue;
		for (const blocker of blockersOf(view, id)) {
			const failed = blocker.bead?.status === "failed";
			if (waiting.has(blocker.id)) push(edges, id, blocker.id);
			else if (!blocker.bead || failed)
				note(id, { end: failed ? "failed" : "missing", culprit: blocker.id, first: id, links: 1 });
		}
	}
	for (const id of cycleMembers(edges)) note(id, { end: "cycle", culprit: id, first: id, links: 0 });
	for (let at = 0; at < queue.length; at++) {
		const id = queue[at] as string;
		const { end, culprit, first, links } = found.get(id) as Blocked;
		for (const above of blockedBy(view, id)) note(above, { end, culprit, first, links: links + 1 });
	}
	return found;
}

/** Beads that wait for themselves. What waits for nothing is taken away until only cycles and what is above them are left. */
function cycleMembers(edges: ReadonlyMap<string, readonly string[]>): Set<string> {
	const above = new Map<string, string[]>();
	for (const [id, down] of edges) for (const other of down) push(above, other, id);
	const open = new Map([...edges].map(([id, down]) => [id, down.length]));
	const free = [...above.keys()].filter((id) => !edges.has(id));
	for (let id = free.pop(); id !== undefined; id = free.pop())
		for (const other of above.get(id) ?? []) {
			const left = (open.get(other) ?? 0) - 1;
			open.set(other, left);
			if (left === 0) {
				open.delete(other);
				free.push(other);
			}
		}
	const members = new Set<string>();
	const passed = new Set<string>();
	for (const start of open.keys()) {
		const path: string[] = [];
		let id: string | undefined = start;
		while (id !== undefined && !passed.has(id)) {
			passed.add(id);
			path.push(id);
			id = edges.get(id)?.find((other) => open.has(other));
		}
		const back = id === undefined ? -1 : path.indexOf(id);
		if (back >= 0) for (const member of path.slice(back)) members.add(member);
	}
	return members;
}
