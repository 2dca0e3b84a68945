import type { Batch, Cause } from "../../../shared/protocol/index.ts";
import type { EventRow } from "../changes/event-rows.ts";

/** What a change is about, as the columns of a reproduction. */
export const LANES = ["user", "beads", "agents", "container"] as const;
export type Lane = (typeof LANES)[number];

export const LANE_WORDS: Record<Lane, string> = {
	user: "User and admins",
	beads: "Beads, reviews, convoys",
	agents: "Agents",
	container: "Container and town",
};

/** One batch: what was called, and what it changed in each lane. `at` is the town's clock, epoch milliseconds. */
export type LaneRow = {
	seq: number;
	at: number;
	cause: Cause | null;
	/** Somebody's own act: it stands in the first lane. */
	called: boolean;
	lanes: Record<Exclude<Lane, "user">, EventRow[]>;
};

const OF_AGENTS = new Set([
	"agent_metadata",
	"agent_status_log",
	"agent_nudges",
	"agent_signals",
	"dispatch_attempts",
]);
const OF_BEADS = new Set([
	"beads",
	"bead_events",
	"bead_dependencies",
	"review_metadata",
	"escalation_metadata",
	"convoy_metadata",
]);

const PEOPLE = new Set(["user", "intervention"]);

function laneOf({ entity, subject, after }: EventRow): Exclude<Lane, "user"> {
	if (OF_AGENTS.has(entity) || (entity === "beads" && subject?.kind === "agent")) return "agents";
	// A bead's history also has what its agent said of itself.
	if (entity === "bead_events" && after?.event_type === "agent_status") return "agents";
	return OF_BEADS.has(entity) ? "beads" : "container";
}

/** The changes of a range, oldest first, one row per batch; housekeeping that nobody called for is left out. */
export function laneRows(rows: readonly EventRow[]): LaneRow[] {
	const out: LaneRow[] = [];
	for (const row of rows) {
		let last = out.at(-1);
		if (!last || last.cause !== row.cause || last.at !== row.at) {
			const { seq, at, cause } = row;
			last = {
				...{ seq, at, cause },
				called: cause !== null && PEOPLE.has(cause.kind),
				lanes: { beads: [], agents: [], container: [] },
			};
			out.push(last);
		}
		if (!row.quiet) last.lanes[laneOf(row)].push(row);
	}
	return out.filter(({ called, lanes }) => called || Object.values(lanes).some((lane) => lane.length > 0));
}

/** How much happened in each lane. */
export function laneCounts(rows: readonly LaneRow[]): Record<Lane, number> {
	const counts = { user: 0, beads: 0, agents: 0, container: 0 };
	for (const { called, lanes } of rows) {
		if (called) counts.user++;
		for (const lane of ["beads", "agents", "container"] as const) counts[lane] += lanes[lane].length;
	}
	return counts;
}

/** The batches of a log, oldest first, that lie in the range. */
export function within(
	log: readonly Batch[],
	{ from, to }: { from: number; to: number | null },
): readonly Batch[] {
	return log.filter((batch) => batch.from > from && (to === null || batch.from <= to));
}
