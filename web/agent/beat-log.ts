/** A time without a heartbeat that was longer than it should be. Milliseconds. */
export type Gap = { from: number; to: number };

/** So many heartbeats are remembered of one agent: an hour at one in 15 s. */
const KEPT = 240;

/** Longer than this many usual intervals, and than `LEAST_GAP_MS`, is a gap. */
const INTERVALS = 3;
const LEAST_GAP_MS = 10_000;

/** The heartbeats with another one that came; the same array where it is the same heartbeat again. */
export function withBeat(beats: readonly number[], at: number): readonly number[] {
	const last = beats.at(-1);
	return last !== undefined && at <= last ? beats : [...beats, at].slice(-KEPT);
}

/** The usual time between two heartbeats: the median of those seen; null before there are two. */
export function usualInterval(beats: readonly number[]): number | null {
	const intervals = beats.slice(1).map((at, n) => at - (beats[n] ?? at));
	return intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? null;
}

/** Where heartbeats failed to come, until `now`. */
export function gapsIn(beats: readonly number[], now: number): Gap[] {
	const usual = usualInterval(beats);
	if (usual === null) return [];
	const most = Math.max(LEAST_GAP_MS, usual * INTERVALS);
	return beats.flatMap((from, n) => {
		const to = beats[n + 1] ?? now;
		return to - from > most ? [{ from, to }] : [];
	});
}
