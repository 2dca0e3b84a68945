import { circuitIsOpen } from "../../../../shared/gastown/index.ts";
import type { Action, Rule } from "../actions.ts";

/** Pauses of admins end by themselves, as does a drain that nobody acknowledged (domain.md §2.6). */
export const endFlags: Rule = ({ pauseUntil, containerPauseUntil, drainSince, now, thresholds }) => {
	const actions: Action[] = [];
	if (pauseUntil !== null && pauseUntil <= now)
		actions.push({ type: "end_pause", of: "dispatch", why: "It was made until now" });
	if (containerPauseUntil !== null && containerPauseUntil <= now)
		actions.push({ type: "end_pause", of: "container", why: "It was made until now" });
	if (drainSince !== null && now - drainSince > thresholds.drain_clear_ms)
		actions.push({ type: "clear_drain", why: "Nobody acknowledged it" });
	return actions;
};

/** The circuit breaker is a count; that it opened and closed is told once each (domain.md §2.5, SCHED-8). */
export const tellCircuit: Rule = ({ holds, circuitSince }) => {
	const open = circuitIsOpen(holds);
	if (open === (circuitSince !== null)) return [];
	const { failingBeads, circuitWindowMs } = holds;
	const counted = `${failingBeads} beads failed to start within ${Math.round(circuitWindowMs / 60_000)} min`;
	return open
		? [{ type: "open_circuit", failing_beads: failingBeads, why: counted }]
		: [{ type: "close_circuit", why: `Only ${counted}` }];
};

/** What waits in the inbox is tried at each look, within its back-off (SCHED-8). */
export const processInbox: Rule = ({ inbox }) =>
	inbox.map(({ id, tries }): Action => {
		const why = tries === 0 ? "It waits in the inbox" : `It waits in the inbox, after ${tries} tries`;
		return { type: "process_event", event: id, why };
	});
