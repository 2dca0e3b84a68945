import { beads } from "../../shared/gastown/index.ts";
import type { ListedAgent, ListedAgents, MethodArgs, ReadyBead } from "../../shared/ingest/index.ts";
import { labelsOf } from "../../shared/town-view/index.ts";
import { maxAttempts } from "./dispatch.ts";
import { listRows } from "./rows.ts";
import { ok, type Result, type Town } from "./town.ts";

/** Every agent that is still in the town, for the container that has to know whom it runs. */
export function listAgents(town: Town): Result<ListedAgents> {
	return ok({
		agents: town.sql.all<ListedAgent>(
			`SELECT a.bead_id AS id, b.title AS name, a.role, b.rig_id, a.status, a.current_hook_bead_id AS hook,
				h.title AS hook_title
			 FROM agent_metadata a JOIN beads b USING (bead_id) LEFT JOIN beads h ON h.bead_id = a.current_hook_bead_id
			 WHERE a.status != 'dead' ORDER BY b.created_at`,
		),
	});
}

/** Beads of a rig that could be started now, best first (domain.md §2.5). */
export function readyBeads(town: Town, args: MethodArgs<"readyBeads">): Result<{ beads: ReadyBead[] }> {
	const rows = listRows(
		town.sql,
		beads,
		`WHERE type = ? AND rig_id = ? AND status = 'open' AND assignee_agent_bead_id IS NULL AND dispatch_attempts < ?
			AND NOT EXISTS (SELECT 1 FROM bead_dependencies d JOIN beads blocker ON blocker.bead_id = d.depends_on_bead_id
				WHERE d.bead_id = beads.bead_id AND d.dependency_type = 'blocks' AND blocker.status != 'closed')
			AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(labels) THEN labels ELSE '[]' END) WHERE value = 'gt:held')
		 ORDER BY CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, created_at
		 LIMIT 50`,
		args.type,
		args.rig_id,
		maxAttempts(town, args.rig_id),
	);
	return ok({
		beads: rows.map((row) => ({ bead_id: row.bead_id, title: row.title, labels: labelsOf(row) })),
	});
}
