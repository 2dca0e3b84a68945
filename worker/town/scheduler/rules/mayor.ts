import type { Rule } from "../actions.ts";
import { isUp } from "../ready.ts";

/** A mayor whose owner has said something gets a session, if it has none (MAYOR-1). */
export const wakeMayor: Rule = (state) => {
	const mayor = state.agents.get(state.mayor ?? "");
	if (mayor?.status !== "idle" || mayor.held || !isUp(state)) return [];
	const { holds } = state;
	if (holds.billingBlocked || holds.paused || holds.draining) return [];
	if (!state.nudges.some((nudge) => nudge.agent === mayor.id && nudge.status === "queued")) return [];
	return [{ type: "dispatch_agent", agent: mayor.id, bead: null, why: "A message waits for it" }];
};
