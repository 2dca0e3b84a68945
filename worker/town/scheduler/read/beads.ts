import type { Town } from "../../town.ts";
import { list, number, type Raw, record, text, time, words } from "../columns.ts";
import type { BeadNow, SchedulerState } from "../state.ts";
import { TYPES, UNFINISHED } from "./unfinished.ts";

/** Unfinished ones, and ended ones that those still name. */
export function readBeads(town: Town, held: ReadonlySet<string>): Map<string, BeadNow> {
	const columns = (of: string) =>
		`${of}.bead_id, ${of}.type, ${of}.status, ${of}.title, ${of}.rig_id, ${of}.priority, ${of}.assignee_agent_bead_id, ${of}.labels,
		 ${of}.metadata, ${of}.dispatch_attempts, ${of}.last_dispatch_attempt_at, ${of}.created_at, ${of}.updated_at, ${of}.status_since`;
	const named = (from: string, to: string) =>
		`SELECT ${columns("e")} FROM beads u CROSS JOIN bead_dependencies d ON d.${from} = u.bead_id
		 CROSS JOIN beads e ON e.bead_id = d.${to}
		 WHERE u.${TYPES} AND u.${UNFINISHED} AND e.status IN ('closed', 'failed')`;
	const rows = town.sql.all<Raw>(
		`SELECT ${columns("u")} FROM beads u WHERE u.${TYPES} AND u.${UNFINISHED}
		 UNION ${named("bead_id", "depends_on_bead_id")} UNION ${named("depends_on_bead_id", "bead_id")}`,
	);
	return new Map(
		rows.map((row) => {
			const id = words(row.bead_id);
			const created_at = time(row.created_at) ?? 0;
			const updated_at = time(row.updated_at) ?? created_at;
			return [
				id,
				{
					...{
						id,
						type: words(row.type),
						status: words(row.status),
						title: words(row.title),
						rig_id: text(row.rig_id),
					},
					...{
						priority: words(row.priority),
						assignee: text(row.assignee_agent_bead_id),
						labels: list(row.labels),
					},
					...{ metadata: record(row.metadata), dispatch_attempts: number(row.dispatch_attempts) },
					...{ last_dispatch_at: time(row.last_dispatch_attempt_at), created_at, updated_at },
					status_since: time(row.status_since) ?? updated_at,
					held: held.has(id),
				},
			];
		}),
	);
}

/** What beads wait for, and what convoys consist of. */
export const readEdges = (town: Town): Pick<SchedulerState, "blockers" | "members"> => ({
	blockers: pairs(
		town,
		`SELECT d.bead_id AS a, d.depends_on_bead_id AS b FROM beads w CROSS JOIN bead_dependencies d ON d.bead_id = w.bead_id
		 WHERE w.${TYPES} AND w.${UNFINISHED} AND d.dependency_type = 'blocks'`,
	),
	members: pairs(
		town,
		`SELECT d.depends_on_bead_id AS a, d.bead_id AS b FROM beads c CROSS JOIN bead_dependencies d ON d.depends_on_bead_id = c.bead_id
		 WHERE c.type = 'convoy' AND c.${UNFINISHED} AND d.dependency_type = 'tracks'`,
	),
});

function pairs(town: Town, sql: string): Map<string, string[]> {
	const map = new Map<string, string[]>();
	for (const { a, b } of town.sql.all<{ a: string; b: string }>(`${sql} ORDER BY a, b`)) {
		const known = map.get(a);
		if (known) known.push(b);
		else map.set(a, [b]);
	}
	return map;
}
