import type { Bead, BeadEvent } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";

/** A stretch of time in one status. `to` is null for the one that goes on. Epoch milliseconds of the town. */
export type Stretch = { status: string; from: number; to: number | null };

const MOVES = new Set(["status_changed", "closed", "created"]);

/** Events of a bead oldest first; those of one moment keep the order they came in. */
export function inOrder(events: Iterable<BeadEvent>): BeadEvent[] {
	return [...events].sort((a, b) => (timeOf(a.created_at) ?? 0) - (timeOf(b.created_at) ?? 0));
}

/**
 * How long a bead was in each status, by its events. With `whole` false older events are not loaded, and the first
 * stretch begins where the known ones do.
 */
export function stretches(bead: Bead, events: readonly BeadEvent[], whole: boolean): Stretch[] {
	const moves = inOrder(events).filter(
		(event) => MOVES.has(event.event_type) && timeOf(event.created_at) !== null,
	);
	const out: Stretch[] = [];
	const created = timeOf(bead.created_at);
	const first = moves[0];
	if (whole && created !== null)
		out.push({
			status: first && first.event_type !== "created" ? (first.old_value ?? "open") : "open",
			from: created,
			to: null,
		});
	for (const move of moves) {
		const status = move.event_type === "created" ? (move.new_value ?? "open") : (move.new_value ?? "closed");
		const at = timeOf(move.created_at) ?? 0;
		const last = out.at(-1);
		if (last?.status === status) continue;
		if (last) last.to = at;
		out.push({ status, from: at, to: null });
	}
	const last = out.at(-1);
	if (last && last.status !== bead.status) {
		// The row is newer than the newest event that is loaded, or was changed without one (domain.md §2).
		const at = Math.max(last.from, timeOf(bead.closed_at ?? bead.updated_at) ?? last.from);
		last.to = at;
		out.push({ status: bead.status, from: at, to: null });
	}
	const end = out.at(-1);
	if (end && (end.status === "closed" || end.status === "failed")) end.to = end.from;
	return out;
}
