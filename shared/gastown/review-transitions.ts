import type { Bead, ReviewMetadata } from "./bead.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** A merge request's review: waits for a refinery, has one, or has a PR that the forge is asked after (domain.md §2.7). */
export const REVIEW_STATES = ["queued", "reviewing", "watched", "closed", "failed"] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** What can happen to a review beside the moves of its bead, whose start and return are those of any work. */
export const REVIEW_MOVES = [
	/** Its refinery made a pull request: from now on the forge is asked how it is. */
	"open_pr",
	/** The forge said how its PR is. */
	"poll",
	"merge",
	/** The review says no, or asks for changes. */
	"fail",
	"conflict",
	/** Its refinery is gone. */
	"recover",
	/** A person puts it back into the queue; one whose pull request stands is watched again. */
	"retry",
	/** A person asks its author for changes first. */
	"ask_rework",
	/** A person names its pull request. */
	"link",
] as const;
export type ReviewMove = (typeof REVIEW_MOVES)[number];

const ended = (how: string) => {
	const cell = no(how);
	return {
		...{ open_pr: cell, poll: cell, merge: cell, fail: cell, conflict: cell, recover: cell },
		...{ retry: cell, ask_rework: cell, link: cell },
	};
};

export const REVIEW_TRANSITIONS: TransitionTable<ReviewState, ReviewMove> = {
	queued: {
		open_pr: no("nobody reviews it"),
		poll: no("it has no pull request"),
		/** Somebody else was faster than its refinery. */
		merge: "closed",
		fail: "failed",
		conflict: "failed",
		recover: no("nobody reviews it"),
		retry: "queued",
		ask_rework: "queued",
		link: "watched",
	},
	reviewing: {
		open_pr: "watched",
		poll: "reviewing",
		merge: "closed",
		fail: "failed",
		conflict: "failed",
		recover: "queued",
		retry: "queued",
		ask_rework: "queued",
		link: no("its refinery is at it; retry it first"),
	},
	watched: {
		open_pr: no("it has a pull request already"),
		poll: "watched",
		merge: "closed",
		fail: "failed",
		conflict: "failed",
		recover: no("it waits for its pull request, not for a reviewer"),
		/** Its pull request cannot be reached: a new one is made. */
		retry: "queued",
		ask_rework: "watched",
		link: "watched",
	},
	closed: ended("it has ended"),
	failed: { ...ended("it has failed"), retry: "queued", ask_rework: "queued", link: "failed" },
};

/** Where a review goes from `from`, or why it cannot. */
export const moveReview = (from: string, event: ReviewMove): Moved<ReviewState> =>
	move(REVIEW_TRANSITIONS, "review", from, event);

/** The state of a review, read from its rows; a status that no table knows stays what it is. */
export function reviewState(
	bead: Pick<Bead, "status">,
	review: Pick<ReviewMetadata, "pr_url">,
): ReviewState | string {
	if (bead.status === "in_progress") return "reviewing";
	if (bead.status === "in_review") return "watched";
	if (bead.status === "open") return review.pr_url === null ? "queued" : "watched";
	return bead.status;
}
