import type { Bead, DispatchAttempt } from "./bead.ts";
import { DEFAULT_THRESHOLDS } from "./settings.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** A start of an agent. `ended` is a started one whose process has ended: its `outcome` stays `started`. */
export const ATTEMPT_STATES = ["starting", "started", "failed", "refused", "ended"] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

export const ATTEMPT_MOVES = [
	/** The container says that the agent runs. */
	"start",
	"fail",
	/** The container takes no starts now, e.g. 503 while it drains. */
	"refuse",
	/** The process ended, or its work was taken away. */
	"end",
] as const;
export type AttemptMove = (typeof ATTEMPT_MOVES)[number];

const over = (how: string) => {
	const cell = no(how);
	return { start: cell, fail: cell, refuse: cell, end: cell };
};

export const ATTEMPT_TRANSITIONS: TransitionTable<AttemptState, AttemptMove> = {
	starting: { start: "started", fail: "failed", refuse: "refused", end: "ended" },
	started: {
		start: no("it has started already"),
		fail: no("it has started; its process can only end"),
		refuse: no("it has started; its process can only end"),
		end: "ended",
	},
	failed: over("it has failed already"),
	refused: over("it was refused already"),
	ended: over("it has ended already"),
};

/** Where an attempt goes from `from`, or why it cannot. */
export const moveAttempt = (from: string, event: AttemptMove): Moved<AttemptState> =>
	move(ATTEMPT_TRANSITIONS, "dispatch attempt", from, event);

export const attemptState = (attempt: Pick<DispatchAttempt, "outcome" | "ended_at">): string =>
	attempt.outcome === "started" && attempt.ended_at !== null ? "ended" : attempt.outcome;

/** Starts of one bead before it fails with `dispatch_exhausted`; a rig may override it (domain.md §2.5). */
export const MAX_DISPATCH_ATTEMPTS = 5;
/** Milliseconds to wait after the last start, by starts so far: ≤1 30 s, 2 1 min, 3 2 min, 4 5 min, more 10 min (domain.md §2.5). */
export function backOffMs(
	attempts: number,
	table: readonly number[] = DEFAULT_THRESHOLDS.back_off_ms,
): number {
	return table[Math.min(Math.max(0, attempts - 1), table.length - 1)] ?? 0;
}

/** Town-wide reasons to start nothing, as they stand in `town_state`. */
export type DispatchHolds = {
	draining: boolean;
	billingBlocked: boolean;
	/** The run policy, whoever set it. */
	paused: boolean;
	/** End of an admin's pause, epoch milliseconds; null without one (LEDGER-10). */
	pausedUntil: number | null;
	/** Beads that failed to start within the window, and how many of them stop all dispatch (domain.md §2.5). */
	failingBeads: number;
	circuitBeads: number;
	circuitWindowMs: number;
};

/** The town's circuit breaker: so many starts fail that no more are tried. */
export const circuitIsOpen = (holds: Pick<DispatchHolds, "failingBeads" | "circuitBeads">): boolean =>
	holds.failingBeads >= holds.circuitBeads;

/** When a bead may be started next by its back-off, epoch milliseconds; null where it never was started. */
export function nextDispatchAt(
	bead: Pick<Bead, "dispatch_attempts" | "last_dispatch_attempt_at">,
	backOff?: readonly number[],
): number | null {
	if (bead.last_dispatch_attempt_at === null || bead.dispatch_attempts === 0) return null;
	return Date.parse(bead.last_dispatch_attempt_at) + backOffMs(bead.dispatch_attempts, backOff);
}

export type DispatchVerdict =
	| { ok: true }
	| { ok: false; code: string; message: string; details: { next_at: number | null } };

/**
 * Whether this bead may be started at `now` (epoch milliseconds), else the first reason why not in the order of
 * scenarios.md §0. `max` is the rig's limit; `skipBackOff` is a person's "now".
 */
export function dispatchVerdict(
	bead: Pick<Bead, "dispatch_attempts" | "last_dispatch_attempt_at">,
	holds: DispatchHolds,
	now: number,
	{
		max = MAX_DISPATCH_ATTEMPTS,
		skipBackOff = false,
		backOff,
	}: { max?: number; skipBackOff?: boolean; backOff?: readonly number[] } = {},
): DispatchVerdict {
	const held = (code: string, message: string, next_at: number | null = null): DispatchVerdict => ({
		ok: false,
		code,
		message,
		details: { next_at },
	});
	if (holds.billingBlocked) return held("billing-blocked", "Billing blocks this town: nothing is started.");
	if (holds.paused) return held("paused", "The town's container is paused.");
	if (holds.pausedUntil !== null && now < holds.pausedUntil)
		return held("paused-by-admin", "An admin has paused dispatch.", holds.pausedUntil);
	if (holds.draining) return held("draining", "The container drains: nothing is started until it is back.");
	if (circuitIsOpen(holds))
		return held(
			"circuit-breaker",
			`${holds.failingBeads} beads failed to start within ${Math.round(holds.circuitWindowMs / 60_000)} minutes.`,
		);
	if (bead.dispatch_attempts >= max)
		return held("dispatch-exhausted", `All ${max} attempts of this bead are used.`);
	const next = nextDispatchAt(bead, backOff);
	if (!skipBackOff && next !== null && now < next)
		return held("backing-off", `Attempt ${bead.dispatch_attempts} was a moment ago; it backs off.`, next);
	return { ok: true };
}
