import type { Action, Rule } from "../actions.ts";
import { isUnblocked } from "../ready.ts";

const MERGEABLE = ["clean", "has_hooks"];

/** Merge requests: those whose reviewer is gone, PRs to be asked after, and work in review that nobody reviews (REVIEW-1). */
export const watchReviews: Rule = (state) => {
	const { now, thresholds } = state;
	const hooked = new Map([...state.agents.values()].map((agent) => [agent.hook, agent]));
	const actions: Action[] = [];
	for (const review of state.reviews.values()) {
		const bead = state.beads.get(review.bead_id);
		if (!bead || bead.held) continue;
		const age = now - bead.status_since;
		if (review.pr_url !== null) {
			if (now - (review.last_poll_at ?? 0) >= thresholds.poll_pr_ms)
				actions.push({ type: "poll_pr", review: bead.id, why: "Its PR was not asked after for a while" });
			actions.push(...autoMerge(state, review));
			continue;
		}
		if (bead.status === "in_progress" && !hooked.has(bead.id) && age > thresholds.abandoned_review_ms)
			actions.push({ type: "recover_review", review: bead.id, why: "Its reviewer is gone" });
	}
	const reviewed = new Set([...state.reviews.values()].map(({ source }) => source));
	for (const bead of state.beads.values()) {
		if (bead.status !== "in_review" || bead.type !== "issue" || reviewed.has(bead.id)) continue;
		if (now - bead.status_since > thresholds.review_without_request_ms)
			actions.push({ type: "recover_source", bead: bead.id, why: "In review without a merge request" });
	}
	return actions;
};

function autoMerge(
	state: Parameters<Rule>[0],
	review: Parameters<Rule>[0]["reviews"] extends Map<string, infer R> ? R : never,
): Action[] {
	const bead = state.beads.get(review.bead_id);
	const limits = state.rigs.get(bead?.rig_id ?? "")?.limits;
	if (!limits?.auto_merge || limits.auto_merge_delay_minutes === null || review.pr_state !== "open")
		return [];
	// Changes that were asked for come first.
	const ready = MERGEABLE.includes(review.mergeable_state ?? "") && isUnblocked(state, review.bead_id);
	if (ready !== (review.auto_merge_ready_since !== null))
		return [
			{
				type: "note_ready_to_merge",
				review: review.bead_id,
				ready,
				why: ready ? "Its PR is clean" : "Its PR is not clean",
			},
		];
	if (
		!ready ||
		state.now - (review.auto_merge_ready_since ?? state.now) < limits.auto_merge_delay_minutes * 60_000
	)
		return [];
	return [
		{ type: "merge_pr", review: review.bead_id, why: `Clean for ${limits.auto_merge_delay_minutes} min` },
	];
}
