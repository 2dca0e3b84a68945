import { beads } from "../../../shared/gastown/index.ts";
import { updateRow } from "../rows.ts";
import { insertNudge } from "../scheduler/perform/agents.ts";
import { ok, type Result } from "../town.ts";
import type { Applying } from "./apply-agent.ts";

/** So that neither agent nor user takes it for the user's own. */
const MARK = "[From an admin of the platform, not from the town's user]";

/** A message for a session; the scheduler delivers it under the intervention's id, which is its key (LEDGER-2). */
function applyMessage({ town, target, id }: Applying, { message }: { message: string }): Result<unknown> {
	insertNudge(town, {
		...{ id, agent: target, message: `${MARK}\n${message}` },
		...{ source: "admin", priority: "urgent" },
	});
	return ok(null);
}

/** A person asks now: starts that failed before, and their back-off, do not hold its session. */
function applyMayorMessage(applying: Applying, params: { message: string }): Result<unknown> {
	updateRow(applying.town.sql, beads, [applying.target], {
		dispatch_attempts: 0,
		last_dispatch_attempt_at: null,
	});
	return applyMessage(applying, params);
}

/** Its process is stopped; what waits for the mayor has it started again once that end was seen, and that start bears the id. */
function applyMayorRestart(applying: Applying): Result<unknown> {
	const { town, target, id } = applying;
	updateRow(town.sql, beads, [target], { dispatch_order: id });
	return applyMayorMessage(applying, { message: "Your session was restarted. Go on where you were." });
}

export const APPLY_MESSAGE = {
	"agent.nudge": applyMessage,
	"mayor.message": applyMayorMessage,
	"mayor.restart": applyMayorRestart,
};
