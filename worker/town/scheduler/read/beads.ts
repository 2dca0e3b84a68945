import type { Town } from "../../town.ts";
import { list, number, readLists, record, text, time, words } from "../columns.ts";
import type { BeadNow, SchedulerState } from "../state.ts";
import { TYPES, UNFINISHED } from "./unfinished.ts";

const COLUMNS = `bead_id, type, status, title, rig_id, priority, assignee_agent_bead_id, labels, metadata, dispatch_attempts,
	last_dispatch_attempt_at, created_at, status_since`;
/** Of an ended bead no more is asked than what it is. */
const WHAT = "bead_id, type, status";

/** Unfinished beads, what they wait for, convoys with their members, and ended beads that any of those still names. */
export function readBeads(
	town: Town,
	held: ReadonlySet<string>,
): Pick<SchedulerState, "beads" | "blockers" | "members"> {
	const beads = new Map<string, BeadNow>();
	const take = (rows: readonly Row[]) => {
		for (const row of rows) beads.set(words(row[0]), beadOf(row, held));
	};
	take(readLists(town.sql, COLUMNS, `FROM beads WHERE ${TYPES} AND ${UNFINISHED}`));
	const blocks = readLists(
		town.sql,
		"d.bead_id, d.depends_on_bead_id",
		`FROM beads u CROSS JOIN bead_dependencies d ON d.bead_id = u.bead_id
		 WHERE u.${TYPES} AND u.${UNFINISHED} AND d.dependency_type = 'blocks'`,
	);
	const tracks = readLists(
		town.sql,
		"d.depends_on_bead_id, d.bead_id",
		`FROM beads u CROSS JOIN bead_dependencies d ON d.depends_on_bead_id = u.bead_id
		 WHERE u.type = 'convoy' AND u.${UNFINISHED} AND d.dependency_type = 'tracks'`,
	);
	const named = new Set([...blocks, ...tracks].map(([, other]) => words(other)));
	take(
		readLists(
			town.sql,
			WHAT,
			"FROM beads WHERE bead_id IN (SELECT value FROM json_each(?)) AND status IN ('closed', 'failed')",
			JSON.stringify([...named].filter((id) => !beads.has(id))),
		),
	);
	return { beads, blockers: grouped(blocks), members: grouped(tracks) };
}

type Row = ReturnType<typeof readLists>[number];

/** Each with all of its own, in a fixed order. */
function grouped(pairs: readonly Row[]): Map<string, string[]> {
	const map = new Map<string, string[]>();
	for (const pair of pairs) {
		const [a = "", b = ""] = pair.map(words);
		const known = map.get(a);
		if (known) known.push(b);
		else map.set(a, [b]);
	}
	for (const all of map.values()) all.sort();
	return map;
}

function beadOf(row: Row, held: ReadonlySet<string>): BeadNow {
	const [
		bead_id,
		type,
		status,
		title,
		rig_id,
		priority,
		assignee,
		labels,
		metadata,
		attempts,
		last,
		made,
		since,
	] = row;
	const id = words(bead_id);
	const created_at = time(made) ?? 0;
	// Plain, because it is made thousands of times in a look.
	return {
		id,
		type: words(type),
		status: words(status),
		title: words(title),
		rig_id: text(rig_id),
		priority: words(priority),
		assignee: text(assignee),
		labels: list(labels),
		metadata: record(metadata),
		dispatch_attempts: number(attempts),
		last_dispatch_at: time(last),
		created_at,
		status_since: since === made ? created_at : (time(since) ?? created_at),
		held: held.has(id),
	};
}
