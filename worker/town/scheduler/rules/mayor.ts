import type { Rule } from "../actions.ts";
import { isUp, mayorToWake } from "../ready.ts";

/** A mayor to whom somebody has said something gets a session, if it has none (MAYOR-1). */
export const wakeMayor: Rule = (state) => {
	const mayor = isUp(state) ? mayorToWake(state) : null;
	if (!mayor || !state.nudges.some((nudge) => nudge.agent === mayor.id && nudge.status === "queued"))
		return [];
	return [{ type: "dispatch_agent", agent: mayor.id, bead: null, why: "A message waits for it" }];
};
