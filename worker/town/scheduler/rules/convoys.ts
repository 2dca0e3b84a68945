import type { Action, Rule } from "../actions.ts";
import type { BeadNow, ConvoyNow, SchedulerState } from "../state.ts";

/** Counters from what exists; landing when every member is closed; a failed member holds it (CONVOY-1). */
export const moveConvoys: Rule = (state) =>
	[...state.convoys.values()].flatMap((convoy): Action[] => {
		const members = (state.members.get(convoy.bead_id) ?? []).flatMap((id) => state.beads.get(id) ?? []);
		const work = members.filter(({ type }) => type !== "merge_request");
		const closed = work.filter(({ status }) => status === "closed").length;
		const counted = counters(convoy, work.length, closed);
		if (convoy.staged || work.length === 0 || closed < work.length) return counted;
		return [...counted, ...land(state, convoy)];
	});

const counters = (convoy: ConvoyNow, total: number, closed: number): Action[] =>
	convoy.total_beads === total && convoy.closed_beads === closed
		? []
		: [
				{
					type: "update_convoy",
					convoy: convoy.bead_id,
					total_beads: total,
					closed_beads: closed,
					why: `${closed} of ${total} are closed`,
				},
			];

function land(state: SchedulerState, convoy: ConvoyNow): Action[] {
	const convoyId = convoy.bead_id;
	if (convoy.merge_mode === "review-and-merge" || convoy.landed_at !== null)
		return [{ type: "close_convoy", convoy: convoyId, why: "Every member is merged" }];
	if (!convoy.ready_to_land)
		return [
			{
				type: "set_ready_to_land",
				convoy: convoyId,
				ready: true,
				why: "Every member is on the feature branch",
			},
		];
	if (landing(state, convoyId)) return [];
	const { landing_attempts: max, landing_back_off_ms, landing_back_off_max_ms } = state.thresholds;
	if (convoy.landing_attempts >= max)
		return [
			{
				type: "fail_convoy",
				convoy: convoyId,
				message: `All ${max} landings failed.`,
				why: `All ${max} landings failed`,
			},
		];
	const wait = Math.min(
		landing_back_off_ms * 2 ** Math.max(0, convoy.landing_attempts - 1),
		landing_back_off_max_ms,
	);
	const last = convoy.last_landing_attempt_at;
	if (last !== null && state.now - last < wait) return [];
	return [{ type: "create_landing", convoy: convoyId, why: "It is ready to land" }];
}

/** Its landing merge request that is under way. */
const landing = (state: SchedulerState, convoy: string): BeadNow | undefined =>
	[...state.beads.values()].find(
		(bead) =>
			bead.type === "merge_request" &&
			bead.metadata.landing_for === convoy &&
			!["closed", "failed"].includes(bead.status),
	);
