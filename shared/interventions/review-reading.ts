import {
	type Bead, byQueue, type InQueue, isTerminal, moveReview, type ReviewMetadata, type ReviewMove, reviewState, waitsForReview,
} from "../gastown/index.ts"; // biome-ignore format: a list
import { failureOf, metadataOf, timeOf } from "../town-view/readers.ts";
import type { Lookup, Verdict } from "./catalogue-entry.ts";
import { hookedIds, nameOfAgent, OK, refused, reviewsOf, sourcesOf, statusWord, titleOfBead } from "./reading.ts"; // biome-ignore format: a list

/** What the entries about merge requests read alike. */

type Review = { bead: Bead; review: ReviewMetadata };

/** The rows of a merge request; else why there is none. */
export function needReview(
	id: string,
	look: Lookup,
): ({ ok: true } & Review) | Exclude<Verdict, { ok: true }> {
	const bead = look.bead(id);
	const review = look.review(id);
	if (!bead) return refused("gone", "This merge request does not exist any more.") as never;
	return bead.type === "merge_request" && review
		? { ok: true, bead, review }
		: (refused("wrong-type", "This bead is no merge request.") as never);
}

/** Whether this may happen to a review now, by its table (TOWN-1). */
export function mayMoveReview({ bead, review }: Review, event: ReviewMove): Verdict {
	const moved = moveReview(reviewState(bead, review), event);
	return moved.ok ? OK : refused(moved.code, moved.message);
}

/** What decides the place of a merge request in its queue. */
export const inQueue = (bead: Bead, review: Pick<ReviewMetadata, "queue_at">): InQueue => ({
	...{ id: bead.bead_id, priority: bead.priority, queue_at: review.queue_at },
	at: timeOf(bead.created_at) ?? 0,
});

/** Merge requests of a rig that wait for its refinery, first in line first. */
export const waitingOf = (rigId: string, look: Lookup): Bead[] =>
	look
		.mergeRequestsOf(rigId)
		.flatMap((bead) => {
			const review = look.review(bead.bead_id);
			return review && waitsForReview(bead, review) ? [{ bead, place: inQueue(bead, review) }] : [];
		})
		.sort((a, b) => byQueue(a.place, b.place))
		.map(({ bead }) => bead);

/** The convoy that this merge request lands; null for the work of one bead. */
export function landingFor(bead: Bead): string | null {
	const convoy = metadataOf(bead).landing_for;
	return typeof convoy === "string" ? convoy : null;
}

/** The pull request that it keeps: one that cannot be asked after is forgotten, and a new one made. */
export const keptPull = ({ pr_url, poll_failures }: ReviewMetadata): string | null =>
	poll_failures === 0 ? pr_url : null;

/** It ended, or is known to stand, in a conflict with its target. */
export const conflicts = ({ bead, review }: Review): boolean =>
	keptPull(review) === null ? failureOf(bead)?.code === "merge_conflict" : review.mergeable_state === "dirty";

/** Why its work cannot be put back into review; null where it can. */
export function sourcesHold(id: string, look: Lookup): Verdict | null {
	for (const source of sourcesOf(id, look)) {
		const title = titleOfBead(source.bead_id, look);
		const [at] = hookedIds(source.bead_id, look);
		if (source.status === "closed")
			return refused("source-done", `${title} is closed: nothing is left to merge.`);
		if (at)
			return refused(
				"source-at-work",
				`${nameOfAgent(at, look)} is at ${title} again. Reset that agent first.`,
			);
		const newer = reviewsOf(source.bead_id, look).find(({ bead_id }) => bead_id !== id);
		if (newer)
			return refused("newer", `${title} has a newer merge request, which is ${statusWord(newer.status)}.`);
	}
	return null;
}

/** Sources that are not in review now and are put back into it. */
export const sourcesBack = (id: string, look: Lookup): Bead[] =>
	sourcesOf(id, look).filter(({ status }) => status === "open" || status === "failed");

/** The polecat that made the work, where it can take it up again at once: of the same rig, idle, without a bead. */
export function freeAuthor({ bead_id, metadata, rig_id }: Bead, look: Lookup): string | null {
	const id = metadata?.source_agent_id;
	const author = typeof id === "string" ? look.agent(id) : undefined;
	if (author?.role !== "polecat" || author.status !== "idle") return null;
	if (author.current_hook_bead_id !== null || author.bead_id === bead_id) return null;
	return (look.bead(author.bead_id)?.rig_id ?? null) === rig_id ? author.bead_id : null;
}

/** This town asks no forge itself: whoever runs its container does. */
export const foreignForge = (look: Lookup): Verdict | null =>
	look.town("config")?.external_container === true
		? refused("external-container", "The forge is asked by whoever runs this town's container.")
		: null;

/** Members of a convoy that exist, and ids of those that do not any more. */
export function membersOf(convoy: string, look: Lookup): { beads: Bead[]; missing: string[] } {
	const ids = look
		.dependentsOf(convoy)
		.filter(({ dependency_type }) => dependency_type === "tracks")
		.map(({ bead_id }) => bead_id);
	const beads = ids.flatMap((id) => look.bead(id) ?? []).filter(({ type }) => type !== "merge_request");
	return { beads, missing: ids.filter((id) => look.bead(id) === undefined) };
}

/** The merge request that lands a convoy now. */
export const landingOf = (convoy: string, look: Lookup): Bead | undefined =>
	look
		.dependentsOf(convoy)
		.flatMap(({ bead_id }) => look.bead(bead_id) ?? [])
		.find((bead) => landingFor(bead) === convoy && !isTerminal(bead.status));
