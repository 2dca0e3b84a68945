import {
	agentSessions, agentSignals, agents, type BeadEvent, beadDependencies, beadEvents, beads, convoyMetadata, escalationMetadata, reviewMetadata, rigCredentials,
	rigs, townEvents, townState,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { Lookup } from "../../../shared/interventions/index.ts";
import { authorOf, townStateValue } from "../../../shared/town-view/index.ts";
import type { Sql } from "../../live-ops/sql.ts";
import { getRow as readRow, listRows as readRows } from "../rows.ts";

/**
 * Reads of a target and its neighbours straight from the town's tables, as the browser's `lookupOf` reads its view. A town whose
 * object is another's has not all of them: where one is not `there`, nothing is known of its rows.
 */
export function lookupOf(sql: Sql, there: (table: string) => boolean = () => true): Lookup {
	const getRow: typeof readRow = (_, table, ...key) =>
		there(table.name) ? readRow(sql, table, ...key) : null;
	const listRows: typeof readRows = (_, table, ...rest) =>
		there(table.name) ? readRows(sql, table, ...rest) : [];
	const bead: Lookup["bead"] = (id) => getRow(sql, beads, id) ?? undefined;
	return {
		bead,
		agent: (id) => getRow(sql, agents, id) ?? undefined,
		agents: () => listRows(sql, agents, "ORDER BY bead_id"),
		signals: (id) => getRow(sql, agentSignals, id) ?? undefined,
		session: (id) => getRow(sql, agentSessions, id) ?? undefined,
		review: (id) => getRow(sql, reviewMetadata, id) ?? undefined,
		convoy: (id) => getRow(sql, convoyMetadata, id) ?? undefined,
		escalation: (id) => getRow(sql, escalationMetadata, id) ?? undefined,
		event: (id) => getRow(sql, townEvents, id) ?? undefined,
		agentsOfRig: (rigId) =>
			listRows(
				sql,
				agents,
				"WHERE bead_id IN (SELECT bead_id FROM beads WHERE type = 'agent' AND rig_id IS ?)",
				rigId,
			),
		agentsHookedTo: (beadId) => listRows(sql, agents, "WHERE current_hook_bead_id = ?", beadId),
		beadsAssignedTo: (agentId) => listRows(sql, beads, "WHERE assignee_agent_bead_id = ?", agentId),
		dependenciesOf: (beadId) => listRows(sql, beadDependencies, "WHERE bead_id = ?", beadId),
		dependentsOf: (beadId) => listRows(sql, beadDependencies, "WHERE depends_on_bead_id = ?", beadId),
		mergeRequestsOf: (rigId) =>
			listRows(
				sql,
				beads,
				"WHERE type = 'merge_request' AND status NOT IN ('closed', 'failed') AND rig_id = ? ORDER BY bead_id",
				rigId,
			),
		credential: (rig, credential) => getRow(sql, rigCredentials, rig, credential) ?? undefined,
		rig: (id) => getRow(sql, rigs, id) ?? undefined,
		town: (key) => townStateValue(key, getRow(sql, townState, key)?.value),
		statusChangedBy(beadId) {
			const [last] = listRows(
				sql,
				beadEvents,
				`WHERE bead_id = ? AND event_type IN ('status_changed', 'closed') ORDER BY created_at DESC, rowid DESC LIMIT 1`,
				beadId,
			) as BeadEvent[];
			return last ? (authorOf(last, (id) => bead(id)?.title) ?? null) : null;
		},
	};
}
