import { BEAD_STATUSES, type BeadStatus } from "./bead.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** What can happen to a bead (domain.md §2.4). */
export const BEAD_MOVES = [
	/** An agent is attached. The bead stays open until it is dispatched. */
	"hook",
	/** Its agent is taken off. Gastown left such a bead in progress and orphaned; here it is open again. */
	"unhook",
	/** The container is asked to start its agent. */
	"dispatch",
	/** The container did not start it: it waits for its back-off. */
	"start_failed",
	/** The last allowed attempt failed. */
	"exhaust",
	/** Its agent is done and a merge request takes over. */
	"submit",
	/** Its agent is done and nothing is to be reviewed (rework, fix-ups, triage batches). */
	"finish",
	/** Its agent was lost: evicted, gone, too long without a sign. */
	"release",
	/** Its agent's process failed. */
	"crash",
	"timeout",
	/** Its review ended well. For a merge request: it was merged. */
	"merge",
	/** Its review failed or met a conflict: the work goes back to the queue. */
	"reject",
	"close",
	"fail",
	/** Back from an end (Gastown had no way back). */
	"reopen",
	/** Back into a review that still stands, or is taken up again: its work is done and needs no agent. */
	"resubmit",
] as const;
export type BeadMove = (typeof BEAD_MOVES)[number];

const ended = (status: "closed" | "failed") => {
	const cell = no(`it has ${status === "closed" ? "been closed" : "failed"}; reopen it first`);
	return {
		hook: cell, dispatch: cell, start_failed: cell, exhaust: cell, submit: cell, finish: cell, release: cell,
		crash: cell, timeout: cell, merge: cell, reject: cell,
	}; // biome-ignore format: a list
};
const notDispatched = no("it was not dispatched");
const notInReview = no("it is not in review");
const inReview = no("its work is done and waits for its review");
const notEnded = no("it has not ended");

export const BEAD_TRANSITIONS: TransitionTable<BeadStatus, BeadMove> = {
	open: {
		hook: "open",
		unhook: "open",
		dispatch: "in_progress",
		start_failed: notDispatched,
		exhaust: "failed",
		submit: notDispatched,
		finish: notDispatched,
		release: "open",
		crash: "failed",
		timeout: "failed",
		/** A merge request merged by somebody else before its refinery came to it. */
		merge: "closed",
		reject: notInReview,
		close: "closed",
		fail: "failed",
		reopen: notEnded,
		resubmit: "in_review",
	},
	in_progress: {
		hook: no("an agent works on it; take that agent off first"),
		unhook: "open",
		/** A second start of the same work: the process ended without a word (domain.md §2.4). */
		dispatch: "in_progress",
		start_failed: "open",
		exhaust: "failed",
		submit: "in_review",
		finish: "closed",
		release: "open",
		crash: "failed",
		timeout: "failed",
		merge: "closed",
		reject: notInReview,
		close: "closed",
		fail: "failed",
		reopen: notEnded,
		resubmit: notEnded,
	},
	in_review: {
		hook: inReview,
		/** An agent that is done leaves; the review goes on. */
		unhook: "in_review",
		dispatch: inReview,
		start_failed: inReview,
		exhaust: inReview,
		submit: no("it is in review already"),
		finish: inReview,
		/** Recovered because its merge request is gone (domain.md §2.6). */
		release: "open",
		crash: inReview,
		timeout: "failed",
		merge: "closed",
		reject: "open",
		close: "closed",
		fail: "failed",
		reopen: notEnded,
		resubmit: notEnded,
	},
	closed: {
		...ended("closed"),
		unhook: "closed",
		close: no("it is closed already"),
		fail: no("it has been closed; reopen it first"),
		reopen: "open",
		resubmit: "in_review",
	},
	failed: {
		...ended("failed"),
		unhook: "failed",
		close: no("it has failed; reopen it first"),
		fail: no("it has failed already"),
		reopen: "open",
		resubmit: "in_review",
	},
};

/** Where a bead goes from `from`, or why it cannot. */
export const moveBead = (from: string, event: BeadMove): Moved<BeadStatus> =>
	move(BEAD_TRANSITIONS, "bead", from, event);

export const isTerminal = (status: string): boolean => status === "closed" || status === "failed";

/** Known, and no end: of a status that nobody knows nothing is said. */
export const isUnfinished = (status: string): boolean =>
	BEAD_STATUSES.some((known) => known === status) && !isTerminal(status);

/** The move that brings a bead to `to`, for callers that name a status (`updateBeadStatus`, domain.md §2.2). */
export function moveTowards(from: string, to: BeadStatus): BeadMove {
	if (to === "open") return isTerminal(from) ? "reopen" : "release";
	return ({ in_progress: "dispatch", in_review: "submit", closed: "close", failed: "fail" } as const)[to];
}
