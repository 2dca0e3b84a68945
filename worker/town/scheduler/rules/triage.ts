import type { Action, Rule } from "../actions.ts";
import { isBatch, isRequest, isUp } from "../ready.ts";
import type { BeadNow, SchedulerState } from "../state.ts";

/** Open triage requests, oldest first. */
export const openRequests = ({ beads }: SchedulerState): BeadNow[] =>
	[...beads.values()]
		.filter((bead) => isRequest(bead) && bead.status === "open")
		.sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));

/**
 * Open requests of a rig, and those of the whole town, become one batch for an agent (domain.md §2.9, TRIAGE-1). Each is given
 * once: what its agent did not resolve stays for a person, so that triage makes no work for triage. No container is woken
 * for it.
 */
export const batchRequests: Rule = (state) => {
	if (!state.triageAgent || !isUp(state) || isHeldUp(state)) return [];
	const waiting = openRequests(state).filter(({ metadata }) => metadata.triage_batch === undefined);
	const busy = new Set(
		[...state.beads.values()]
			.filter((bead) => isBatch(bead) && ["open", "in_progress"].includes(bead.status))
			.map(({ rig_id }) => rig_id),
	);
	return [...Map.groupBy(waiting, ({ rig_id }) => rig_id)]
		.filter(([rig]) => !busy.has(rig))
		.map(([rig, requests]): Action => {
			const why = requests.length === 1 ? "A request is open" : `${requests.length} requests are open`;
			return { type: "create_triage_batch", rig, requests: requests.map(({ id }) => id), why };
		});
};

const isHeldUp = ({ holds }: SchedulerState): boolean =>
	holds.billingBlocked || holds.paused || holds.draining;

/** One open request for each agent and kind, none of a triage agent, and a few in all (domain.md §2.6, TRIAGE-1). */
export function limitRequests(state: SchedulerState, actions: readonly Action[]): Action[] {
	const open = openRequests(state);
	const known = new Set(open.map(({ metadata }) => `${metadata.triage_type}:${metadata.agent_bead_id}`));
	let room = state.thresholds.triage_open_max - open.length;
	return actions.filter((action) => {
		if (action.type !== "create_triage_request") return true;
		const name = `${action.triage}:${action.agent}`;
		const ofTriage = state.agents.get(action.agent ?? "")?.role === "triage";
		if (ofTriage || known.has(name) || room <= 0) return false;
		known.add(name);
		room -= 1;
		return true;
	});
}
