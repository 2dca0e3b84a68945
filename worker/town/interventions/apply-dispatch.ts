import { agents, type Bead, beads, isTerminal } from "../../../shared/gastown/index.ts";
import { applyMove, assignBead, needBead, reopenBead } from "../beads.ts";
import { agentsHookedTo } from "../hooks.ts";
import { updateRow } from "../rows.ts";
import { ok, type Result, type Town } from "../town.ts";
import type { Applying } from "./apply-agent.ts";

/** Ready to be started, without counters and back-off; that start bears the intervention's id to the container's log. */
function applyRetryDispatch({ town, target, id, by }: Applying): Result<unknown> {
	const found = needBead(town, target);
	if (!found.ok) return found;
	const hooked = agentsHookedTo(town, target);
	const ready = hooked.length > 0 ? found : freed(town, found.value, by);
	if (!ready.ok) return ready;
	updateRow(town.sql, beads, [target], {
		dispatch_attempts: 0,
		last_dispatch_attempt_at: null,
		last_dispatch_error: null,
		dispatch_order: id,
	});
	for (const agent of hooked) updateRow(town.sql, agents, [agent.bead_id], { dispatch_attempts: 0 });
	return ok(null);
}

/** Nobody is on it: it is open to whoever is free. */
function freed(town: Town, bead: Bead, by: string): Result<unknown> {
	if (isTerminal(bead.status)) return reopenBead(town, bead, by);
	const open = bead.status === "open" ? ok(bead) : applyMove(town, bead, "release", { by });
	if (!open.ok) return open;
	assignBead(town, open.value, null);
	return ok(null);
}

export const APPLY_DISPATCH = {
	"bead.retry-dispatch": applyRetryDispatch,
};
