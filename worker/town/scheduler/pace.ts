import type { Action } from "./actions.ts";
import { mayBecomeReady } from "./ready.ts";
import type { SchedulerState } from "./state.ts";

/**
 * When to look again, epoch milliseconds: soon where time alone may make something due, else after the idle wait or when a
 * pause ends (SCHED-5). A change of the rows calls for a look of its own.
 */
export function nextLook(state: SchedulerState, wanted: readonly Action[]): number {
	const { now, thresholds, pauseUntil, containerPauseUntil } = state;
	if (wanted.length > 0 || isUnderWay(state)) return now + thresholds.tick_active_ms;
	return Math.min(
		now + thresholds.tick_idle_ms,
		pauseUntil ?? Number.POSITIVE_INFINITY,
		containerPauseUntil ?? Number.POSITIVE_INFINITY,
	);
}

/** Somebody works, waits or is awaited, or work may begin by the end of a wait. */
const isUnderWay = (state: SchedulerState): boolean =>
	(state.container !== null && ["running", "draining"].includes(state.container.status)) ||
	state.inbox.length > 0 ||
	[...state.agents.values()].some(({ status, hook }) => status !== "idle" || hook !== null) ||
	[...state.reviews.values()].some(({ pr_url }) => pr_url !== null) ||
	[...state.convoys.values()].some(({ ready_to_land }) => ready_to_land) ||
	[...state.beads.values()].some(
		(bead) => bead.status === "in_progress" || (bead.status === "open" && mayBecomeReady(state, bead)),
	);
