import type { Action, Rule } from "./actions.ts";
import { startContainer, stopIdle, stopPaused, watchContainer } from "./rules/container.ts";
import { moveConvoys } from "./rules/convoys.ts";
import { wakeMayor } from "./rules/mayor.ts";
import { watchReviews } from "./rules/reviews.ts";
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

/** Pauses of admins end by themselves, as does a drain that nobody acknowledged (domain.md §2.6). */
const endFlags: Rule = ({ pauseUntil, containerPauseUntil, drainSince, now, thresholds }) => {
	const actions: Action[] = [];
	if (pauseUntil !== null && pauseUntil <= now)
		actions.push({ type: "end_pause", of: "dispatch", why: "It was made until now" });
	if (containerPauseUntil !== null && containerPauseUntil <= now)
		actions.push({ type: "end_pause", of: "container", why: "It was made until now" });
	if (drainSince !== null && now - drainSince > thresholds.drain_clear_ms)
		actions.push({ type: "clear_drain", why: "Nobody acknowledged it" });
	return actions;
};

/** The container's token lives eight hours and is replaced each hour (domain.md §2.12). */
const refreshToken: Rule = ({ container, tokenGivenAt, now, thresholds }) =>
	container?.status === "running" && now - (tokenGivenAt ?? 0) > thresholds.container_token_refresh_ms
		? [{ type: "refresh_container_token", why: "An hour has passed" }]
		: [];

/** In this order: what is over first, so that what begins finds the place free. */
const RULES: readonly Rule[] = [
	endFlags,
	releaseLost,
	releaseStale,
	endStalls,
	watchProgress,
	tellCrashLoops,
	endExhausted,
	watchReviews,
	moveConvoys,
	watchContainer,
	startContainer,
	stopPaused,
	stopIdle,
	refreshToken,
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
	nudges: [...state.nudges].sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1)),
});

/** What is to be done now: a pure function of what is there (SCHED-1). */
export function reconcile(state: SchedulerState): Action[] {
	const ordered = inOrder(state);
	return RULES.flatMap((rule) => rule(ordered));
}
