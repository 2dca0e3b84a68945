import type { Action, ActionType, Rule } from "./actions.ts";
import { collectAgents } from "./rules/collect.ts";
import { startContainer, stopIdle, stopPaused, tellSleepAfter, watchContainer } from "./rules/container.ts";
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
import type { AgentNow, SchedulerState } from "./state.ts";

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
	stopPaused,
	stopIdle,
	tellSleepAfter,
	refreshToken,
	renewTokens,
	watchKiloToken,
	wakeMayor,
	startHooked,
	giveWork,
	deliverNudges,
];

const byId = <V>(rows: Map<string, V>): Map<string, V> =>
	new Map([...rows.keys()].sort().map((id) => [id, rows.get(id) as V]));

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

/** They change who works on what: no other rule decides about the same agent or bead in this look. */
const DECIDES: ReadonlySet<ActionType> = new Set<ActionType>([
	...(["release_agent", "stop_agent", "recover_agent", "unhook_agent", "delete_agent"] as const),
	...([
		"release_bead",
		"fail_bead",
		"recover_review",
		"recover_source",
		"hook_agent",
		"dispatch_agent",
	] as const),
]);

/** The agents and beads that an action is about: with an agent the bead on its hook, with a bead the agents that have it. */
function subjects(
	action: Action,
	{ agents }: SchedulerState,
	hooked: ReadonlyMap<string | null, AgentNow[]>,
): string[] {
	const {
		agent = null,
		bead = null,
		review = null,
	} = action as {
		agent?: string | null;
		bead?: string | null;
		review?: string;
	};
	return [agent, bead, review].flatMap((id) =>
		id === null ? [] : [id, agents.get(id)?.hook ?? id, ...(hooked.get(id) ?? []).map((other) => other.id)],
	);
}

/** What the rules want, in their turn: who was decided about by one is left to the next look by those after it. */
function inTurn(state: SchedulerState): Action[] {
	const hooked = Map.groupBy(state.agents.values(), ({ hook }) => hook);
	const decided = new Set<string>();
	return RULES.flatMap((rule) => {
		const wanted = rule(state)
			.map((action) => ({ action, about: subjects(action, state, hooked) }))
			.filter(({ about }) => !about.some((id) => decided.has(id)));
		for (const { action, about } of wanted)
			if (DECIDES.has(action.type)) for (const id of about) decided.add(id);
		return wanted.map(({ action }) => action);
	});
}

/** What is to be done now: a pure function of what is there (SCHED-1). */
export function reconcile(state: SchedulerState): Action[] {
	const ordered = inOrder(state);
	return limitRequests(ordered, inTurn(ordered));
}
