import { agents, beads, townEvents } from "../../../shared/gastown/index.ts";
import { DISCARDED } from "../../../shared/interventions/scheduler.ts";
import { listRows } from "../../../worker/town/rows.ts";
import type { TestTown } from "./town.ts";

/** Entries about reviews, convoys and what waits for what. */
export const ofReviews = (name: string): boolean => /^(review|convoy)\.|^bead\.(un)?block$/.test(name);

/** Entries about credentials and configuration. */
export const ofCredentials = (name: string): boolean =>
	/^(credential|config)\.|^container\.sync-config$/.test(name);

/**
 * Where the town breaks LEDGER-12. A process whose stop is under way is in its grace time; one whose stop was discarded is left
 * alone, as the preview of that says.
 */
export function violations(town: TestTown): string[] {
	const agentRows = listRows(town.town.sql, agents);
	const beadRows = new Map(listRows(town.town.sql, beads).map((row) => [row.bead_id, row]));
	const ending = new Set(
		listRows(town.town.sql, townEvents, "WHERE processed_at IS NULL OR last_error = ?", DISCARDED).map(
			({ agent_id }) => agent_id,
		),
	);
	const found: string[] = [];
	for (const row of agentRows) {
		const hook = row.current_hook_bead_id;
		const held = town.interventions.isHeld("agent", row.bead_id) || ending.has(row.bead_id);
		if (hook !== null && beadRows.get(hook)?.assignee_agent_bead_id !== row.bead_id)
			found.push(`${row.bead_id} is hooked to ${hook}, whose assignee is another`);
		if (hook !== null && ["closed", "failed"].includes(beadRows.get(hook)?.status ?? ""))
			found.push(`${row.bead_id} is hooked to ${hook}, which has ended`);
		if (row.container_process_id !== null && hook === null && row.role !== "mayor" && !held)
			found.push(`${row.bead_id} has a process without a hook`);
		if (row.status === "working" && hook === null && row.role !== "mayor")
			found.push(`${row.bead_id} works without a hook`);
	}
	for (const row of beadRows.values()) {
		const assignee = row.assignee_agent_bead_id;
		const hooked = agentRows.filter((one) => one.current_hook_bead_id === row.bead_id);
		if (hooked.length > 1) found.push(`${row.bead_id} is on several hooks`);
		if (row.status === "in_progress" && hooked.length === 0)
			found.push(`${row.bead_id} is worked on by nobody`);
		if (["open", "in_progress"].includes(row.status) && assignee && hooked[0]?.bead_id !== assignee)
			found.push(`${row.bead_id} is assigned to ${assignee}, which is not hooked to it`);
	}
	return found;
}
