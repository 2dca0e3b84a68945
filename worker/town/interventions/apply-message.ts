import { insertNudge } from "../scheduler/perform/agents.ts";
import { ok, type Result } from "../town.ts";
import type { Applying } from "./apply-agent.ts";

/** So that neither agent nor user takes it for the user's own. */
const MARK = "[From an admin of the platform, not from the town's user]";

/** A message for a session; the scheduler delivers it under the intervention's id, which is its key (LEDGER-2). */
export function applyMessage(
	{ town, target, id }: Applying,
	{ message }: { message: string },
): Result<unknown> {
	insertNudge(town, {
		...{ id, agent: target, message: `${MARK}\n${message}` },
		...{ source: "admin", priority: "urgent" },
	});
	return ok(null);
}

/** Its process is stopped; what waits for the mayor has it started again once that end was seen. */
export const applyMayorRestart = (applying: Applying): Result<unknown> =>
	applyMessage(applying, { message: "Your session was restarted. Go on where you were." });
