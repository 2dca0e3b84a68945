import type { Agent } from "../gastown/index.ts";
import { activeToolsOf, signalOf, timeOf } from "../town-view/index.ts";
import { type Facts, once } from "./facts.ts";
import { COPIED_MS } from "./thresholds.ts";

/** An agent at work for which something that the rules know explains the silence (scenarios.md §0). */
const waitsForOthers = (facts: Facts, one: Agent): boolean => {
	const signals = facts.view.tables.agent_signals.get(one.bead_id);
	return (
		activeToolsOf(one).length > 0 ||
		signalOf(signals, "pending_permission") !== null ||
		signalOf(signals, "retry") !== null ||
		(signals?.offline_since ?? null) !== null
	);
};

/** When an agent at work was last seen to do anything, epoch milliseconds; null where nothing was. */
export const lastDone = (one: Agent): number | null =>
	timeOf(one.last_event_at) ?? timeOf(one.last_activity_at);

/** Its heartbeat is not late: its row has it at most a minute old (FEED-9). */
export function isHeard({ now, limits }: Facts, one: Agent): boolean {
	const heard = timeOf(one.last_activity_at);
	return heard !== null && now - heard < limits.heartbeat_stale_ms + COPIED_MS;
}

/** Since when a mayor's turn, which nothing but its end ends, has done nothing, by the same limit; null while it does, or has none. */
export function turnHangsSince(facts: Facts, mayor: Agent): number | null {
	const signals = facts.view.tables.agent_signals.get(mayor.bead_id);
	const turn = signals?.turn_since ?? null;
	if (mayor.status !== "working" || turn === null || waitsForOthers(facts, mayor)) return null;
	const at = Math.max(turn, signals?.last_step_at ?? 0, lastDone(mayor) ?? 0);
	return facts.now - at < facts.limits.gupp_warn_ms ? null : at;
}

/** Since when an agent with a bead makes no progress, by the town's own limit (GUPP); null while it does, or waits for others. */
export function silentSince(facts: Facts, one: Agent): number | null {
	const of = known(facts);
	if (!of.has(one.bead_id)) of.set(one.bead_id, silence(facts, one));
	return of.get(one.bead_id) ?? null;
}
const known = once(() => new Map<string, number | null>());

function silence(facts: Facts, one: Agent): number | null {
	if (one.role === "mayor" || one.current_hook_bead_id === null) return null;
	if (one.status === "stalled") return timeOf(one.stalled_at);
	if (one.status !== "working" || waitsForOthers(facts, one) || facts.look.town("drain")) return null;
	const at = lastDone(one);
	return at === null || facts.now - at < facts.limits.gupp_warn_ms ? null : at;
}

/** When Gastown stops what has been silent since then, or lets it be idle again. */
export const endsAt = ({ limits }: Facts, one: Agent, since: number): number =>
	since + (one.status === "stalled" ? limits.stalled_recover_ms : limits.gupp_stop_ms);
