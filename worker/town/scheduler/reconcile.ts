import type { Action, Rule } from "./actions.ts";
import { collectAgents } from "./rules/collect.ts";
import { startContainer, stopIdle, watchContainer } from "./rules/container.ts";
import { moveConvoys } from "./rules/convoys.ts";
import { refreshToken, renewTokens, watchKiloToken } from "./rules/credentials.ts";
import { raiseEscalations } from "./rules/escalations.ts";
import { wakeMayor } from "./rules/mayor.ts";
import { watchReviews } from "./rules/reviews.ts";
import { endFlags, processInbox, tellCircuit } from "./rules/town.ts";
import { batchRequests, limitRequests } from "./rules/triage.ts";
import {
	deliverNudges,
	endStalls,
	releaseLost,
	releaseStale,
	tellCrashLoops,
	watchProgress,
} from "./rules/watch.ts";
import { endExhausted, giveWork, startHooked } from "./rules/work.ts";
import type { SchedulerState } from "./state.ts";

/** In this order: what is over first, so that what begins finds the place free. */
const RULES: readonly Rule[] = [
	endFlags,
	tellCircuit,
	processInbox,
	releaseLost,
	releaseStale,
	endStalls,
	watchProgress,
	tellCrashLoops,
	endExhausted,
	raiseEscalations,
	watchReviews,
	moveConvoys,
	batchRequests,
	collectAgents,
	watchContainer,
	startContainer,
	stopIdle,
	refreshToken,
	renewTokens,
	watchKiloToken,
	wakeMayor,
	startHooked,
	giveWork,
	deliverNudges,
];

const byId = <V>(rows: Map<string, V>): Map<string, V> =>
	new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Rows in the order of their ids, so that neither what is done nor its order depends on how they were read. */
const inOrder = (state: SchedulerState): SchedulerState => ({
	...state,
	...{ rigs: byId(state.rigs), agents: byId(state.agents), beads: byId(state.beads) },
	...{ reviews: byId(state.reviews), convoys: byId(state.convoys), crashes: byId(state.crashes) },
	escalations: byId(state.escalations),
	tokens: state.tokens.toSorted((a, b) => (a.rig_id < b.rig_id ? -1 : 1)),
	inbox: state.inbox.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
	nudges: [...state.nudges].sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1)),
});

/** What is to be done now: a pure function of what is there (SCHED-1). */
export function reconcile(state: SchedulerState): Action[] {
	const ordered = inOrder(state);
	return limitRequests(
		ordered,
		RULES.flatMap((rule) => rule(ordered)),
	);
}
