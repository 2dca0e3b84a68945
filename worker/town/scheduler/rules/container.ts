import { isAtRest } from "../../../../shared/gastown/index.ts";
import type { Action, Rule } from "../actions.ts";
import { mayorToWake, readyBeads, waitsToStart } from "../ready.ts";
import type { NudgeNow, SchedulerState } from "../state.ts";

/** Why the container is needed now, in words; null where it is not. */
export function whyWanted(state: SchedulerState): string | null {
	for (const rig of state.rigs.keys()) {
		const [bead] = [...readyBeads(state, rig, "polecat"), ...readyBeads(state, rig, "refinery")];
		if (bead) return `"${bead.title}" is ready`;
	}
	for (const agent of state.agents.values()) {
		// What triage costs must be less than what it is about.
		if (agent.role === "triage") continue;
		const bead = waitsToStart(state, agent);
		if (bead) return `"${bead.title}" waits on ${agent.name}'s hook`;
	}
	// The town's own notes do not wake a container: that costs its owner money.
	const mayor = mayorToWake(state);
	const said = state.nudges.some((nudge) => nudge.agent === mayor?.id && wakes(nudge));
	return said ? "the mayor has a message" : null;
}

/** A person wrote it, the user or an admin, who was told what it costs. */
const wakes = ({ status, source }: NudgeNow): boolean =>
	status === "queued" && (source === "user" || source === "admin");

/** A container that is paused does not run on; an admin's own order to end it goes first. */
export const stopPaused: Rule = ({ container, holds }) =>
	container?.status === "running" && holds.paused
		? [{ type: "stop_container", reason: "it is paused", sleep: false, why: "It is paused" }]
		: [];

/** Starts the container when there is work for it, and again when it died, within its budget (domain.md §2.13, SCHED-4). */
export const startContainer: Rule = (state) => {
	const { container, thresholds, now } = state;
	if (container && !isAtRest(container.status)) return [];
	const wanted = whyWanted(state);
	if (wanted === null) return [];
	if (!container) return [{ type: "start_container", reason: wanted, why: wanted }];
	const troubled = container.status === "died" || container.start_failures > 0;
	if (!troubled) return [{ type: "start_container", reason: wanted, why: wanted }];
	if (budgetUsed(state)) return [];
	const last = container.last_restart_at === null ? 0 : Date.parse(container.last_restart_at);
	if (now - last < thresholds.restart_throttle_ms) return [];
	const why = container.status === "died" ? `it died, and ${wanted}` : `its last start failed, and ${wanted}`;
	return [{ type: "start_container", reason: why, why }];
};

/** All restarts of the window are used: a person has to look. */
export function budgetUsed({ container, thresholds, now }: SchedulerState): boolean {
	if (!container || container.window_started_at === null) return false;
	const open = now - Date.parse(container.window_started_at) < thresholds.restart_window_ms;
	return open && container.restarts_in_window >= thresholds.restart_budget;
}

/** A container without work is put to sleep: it costs its owner money. */
export const stopIdle: Rule = (state) => {
	const { container, thresholds, now, idleSince } = state;
	if (container?.status !== "running" || idleSince === null || whyWanted(state) !== null) return [];
	const since = Math.max(idleSince, Date.parse(container.since));
	if (now - since < thresholds.idle_stop_ms) return [];
	const reason = "nothing has been to do";
	return [{ type: "stop_container", reason, sleep: true, why: reason }];
};

/** The platform puts to sleep what gets no requests, whoever works in it: it goes by the town's own time (domain.md §2.13). */
export const tellSleepAfter: Rule = ({ container, thresholds: { idle_stop_ms: ms } }) =>
	container?.status === "running" && container.sleep_after_ms !== ms
		? [
				{
					type: "set_sleep_after",
					ms,
					why: `It may sleep after ${Math.round(ms / 1_000)} s without requests`,
				},
			]
		: [];

/**
 * A container that runs and is silent is asked how it is, and after some silences in a row started anew; one that drains, too,
 * where nobody told its end.
 */
export const watchContainer: Rule = (state): Action[] => {
	const { container, thresholds, now } = state;
	if (!container || isAtRest(container.status) || container.heard_at === null) return [];
	if (now - Date.parse(container.since) < thresholds.cold_start_grace_ms) return [];
	const silent = now - Math.max(container.heard_at, Date.parse(container.since));
	if (silent < thresholds.health_silent_ms) return [];
	if ((container.health?.failures ?? 0) >= thresholds.health_failures) {
		const last = container.last_restart_at === null ? 0 : Date.parse(container.last_restart_at);
		if (budgetUsed(state) || now - last < thresholds.restart_throttle_ms) return [];
		const reason = `it was silent for ${Math.round(silent / 1_000)} s`;
		return [{ type: "restart_container", reason, why: reason }];
	}
	return [{ type: "check_container", silent_ms: silent, why: `Silent for ${Math.round(silent / 1_000)} s` }];
};
