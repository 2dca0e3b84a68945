import { agentStatusLog, type BeadEventType, beadEvents } from "../../shared/gastown/index.ts";
import { insertRow } from "./rows.ts";
import { isoNow, type Town } from "./town.ts";

/**
 * Writes one row of a bead's history (domain.md §1.3). Every write of a bead goes with one. `by` is who did it: an agent of
 * the town stands in `agent_id`, anybody else in `metadata.by`.
 */
export function recordBeadEvent(
	town: Town,
	event: {
		bead_id: string;
		event_type: BeadEventType;
		by?: string | null;
		old_value?: string | null;
		new_value?: string | null;
		metadata?: Record<string, unknown>;
	},
): void {
	const { by = null, metadata = {}, ...columns } = event;
	const agent = by !== null && town.sql.one("SELECT 1 FROM agent_metadata WHERE bead_id = ?", by) !== null;
	insertRow(town.sql, beadEvents, {
		...columns,
		bead_event_id: town.uuid(),
		agent_id: agent ? by : null,
		metadata: by === null || agent ? metadata : { ...metadata, by },
		created_at: isoNow(town),
	});
}

/** Writes one row of an agent's status timeline, which Gastown never kept. */
export function recordAgentStatus(town: Town, agentId: string, from: string | null, to: string): void {
	const cause = town.cause();
	insertRow(town.sql, agentStatusLog, {
		agent_id: agentId,
		from_status: from,
		to_status: to,
		at: isoNow(town),
		cause: cause && (cause.by === null ? cause.what : `${cause.what} by ${cause.by}`),
	});
}
