import type { Reel } from "./reel.ts";

/** Index of the first of rising numbers that is more than `at`; their count where none is. */
export function firstAfter(rising: readonly number[], at: number): number {
	let low = 0;
	let high = rising.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((rising[middle] ?? 0) > at) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** Where a step leads: to a moment, or first to a page that is not here; null at the end. */
export type Step = { to: number } | { load: Reel; place: "anew" | "after" | "before" } | null;

/**
 * The next moment of all tracks together. A track that has not begun by then counts with its beginning; one that is open and
 * not loaded so far is to be loaded first, since it may have an earlier one.
 */
export function stepOn(reels: readonly Reel[], at: number): Step {
	let to = Number.POSITIVE_INFINITY;
	for (const reel of reels) {
		if (!reel.span) continue;
		if (at < reel.span.from) to = Math.min(to, reel.span.from);
		else if (at < reel.span.to) {
			if (!reel.covers(at)) return { load: reel, place: "anew" };
			const next = reel.moments[firstAfter(reel.moments, at)];
			if (next !== undefined) to = Math.min(to, next);
			else if (!reel.ends) return { load: reel, place: "after" };
		}
	}
	return to === Number.POSITIVE_INFINITY ? null : { to };
}

/** The moment before, in the same way. */
export function stepBack(reels: readonly Reel[], at: number): Step {
	let to = Number.NEGATIVE_INFINITY;
	for (const reel of reels) {
		if (!reel.span) continue;
		if (at > reel.span.to) to = Math.max(to, reel.span.to);
		else if (at > reel.span.from) {
			if (!reel.covers(at)) return { load: reel, place: "anew" };
			const before = reel.moments[firstBefore(reel.moments, at)];
			if (before !== undefined) to = Math.max(to, before);
			else if (!reel.begins) return { load: reel, place: "before" };
		}
	}
	return to === Number.NEGATIVE_INFINITY ? null : { to };
}

/** Index of the last of rising numbers that is less than `at`; -1 where none is. */
const firstBefore = (rising: readonly number[], at: number): number => firstAfter(rising, at - 1) - 1;

/** A silence is not waited for longer than this, milliseconds of the reader's time. */
export const SILENCE_MS = 1_500;

/**
 * Where a replay stands after `ms` of the reader's time. Nothing happens before `next`, so that a longer silence than a
 * reader waits for is cut short; at `next` it halts, so that no moment is passed over unseen.
 */
export function played(at: number, ms: number, speed: number, next: number): number {
	const begun = Math.max(at, next - SILENCE_MS * speed);
	return Math.min(next, begun + ms * speed);
}
