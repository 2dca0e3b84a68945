import type { Bead, ConvoyMetadata } from "./bead.ts";
import { isUnfinished } from "./bead-transitions.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** A convoy on its way (domain.md §2.8): planned, at work, every member merged, its landing under review, landed. */
export const CONVOY_STATES = ["staged", "working", "ready", "landing", "landed", "closed", "failed"] as const;
export type ConvoyState = (typeof CONVOY_STATES)[number];

export const CONVOY_MOVES = [
	/** Its owner lets its members begin. */
	"start",
	/** Its counters follow its members. */
	"count",
	"add",
	"remove",
	/** Every member is on its feature branch; or not any more. */
	"get_ready",
	"hold",
	/** A merge request of the whole is made, and ends. */
	"land",
	"landing_merged",
	"landing_failed",
	/** Its owner ends it with whatever is left of it. */
	"close",
	/** It ends because all of it is merged. */
	"finish",
	/** Its landings are used up. */
	"fail",
	/** A person has it landed again, though its landings were used up. */
	"retry",
] as const;
export type ConvoyMove = (typeof CONVOY_MOVES)[number];

const started = no("it has been started already");
const noLanding = no("no landing is under way");
const underWay = no("its landing is under way");
const hasLanded = no("it has landed");
const notReady = no("not every member is on its feature branch");

const ended = (how: string, status: "closed" | "failed") => {
	const cell = no(how);
	return {
		start: cell, count: cell, add: cell, remove: cell, get_ready: cell, hold: cell, land: cell, close: cell, finish: cell, fail: cell, retry: cell,
		/** What the forge did is so, though nobody waits for it any more. */
		landing_merged: status, landing_failed: status,
	}; // biome-ignore format: a list
};

export const CONVOY_TRANSITIONS: TransitionTable<ConvoyState, ConvoyMove> = {
	staged: {
		start: "working",
		count: "staged",
		add: "staged",
		remove: "staged",
		get_ready: no("it has not been started"),
		hold: no("it has not been started"),
		land: no("it has not been started"),
		landing_merged: noLanding,
		landing_failed: noLanding,
		close: "closed",
		finish: no("it has not been started"),
		fail: no("it has not been started"),
		retry: no("it has not been started"),
	},
	working: {
		start: started,
		count: "working",
		add: "working",
		remove: "working",
		get_ready: "ready",
		hold: notReady,
		land: notReady,
		landing_merged: noLanding,
		landing_failed: noLanding,
		close: "closed",
		/** One that lands bead by bead. */
		finish: "closed",
		fail: no("no landing of it was tried"),
		retry: notReady,
	},
	ready: {
		start: started,
		count: "ready",
		/** The new member is not merged yet. */
		add: "working",
		remove: "ready",
		get_ready: no("it is ready already"),
		hold: "working",
		land: "landing",
		landing_merged: noLanding,
		landing_failed: noLanding,
		close: "closed",
		finish: "closed",
		fail: "failed",
		retry: "ready",
	},
	landing: {
		start: started,
		count: "landing",
		add: underWay,
		remove: "landing",
		get_ready: underWay,
		hold: underWay,
		land: underWay,
		landing_merged: "landed",
		landing_failed: "ready",
		close: "closed",
		finish: underWay,
		fail: underWay,
		retry: underWay,
	},
	landed: {
		start: started,
		count: "landed",
		add: hasLanded,
		remove: hasLanded,
		get_ready: hasLanded,
		hold: hasLanded,
		land: hasLanded,
		landing_merged: "landed",
		landing_failed: "landed",
		close: "closed",
		finish: "closed",
		fail: hasLanded,
		retry: hasLanded,
	},
	closed: ended("it has been closed", "closed"),
	failed: { ...ended("it has failed", "failed"), retry: "ready" },
};

/** Where a convoy goes from `from`, or why it cannot. */
export const moveConvoy = (from: string, event: ConvoyMove): Moved<ConvoyState> =>
	move(CONVOY_TRANSITIONS, "convoy", from, event);

/** The state of a convoy, read from its rows; `landing` where a merge request of the whole has not ended. */
export function convoyState(
	bead: Pick<Bead, "status">,
	convoy: Pick<ConvoyMetadata, "staged" | "ready_to_land" | "landed_at">,
	landing: boolean,
): ConvoyState | string {
	if (!isUnfinished(bead.status)) return bead.status;
	if (convoy.landed_at !== null) return "landed";
	if (landing) return "landing";
	if (convoy.staged === 1) return "staged";
	return convoy.ready_to_land === 1 ? "ready" : "working";
}
