const KEPT = 256;

/** Commit-to-paint latency of the newest batches, milliseconds; null before the first. */
export type LatencyFigures = { last: number; p50: number; p99: number } | null;

const quantile = (sorted: readonly number[], q: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

/** Gathers latencies; keeps the newest 256. */
export function latencies(): { add(ms: number): void; figures(): LatencyFigures } {
	const kept: number[] = [];
	return {
		add(ms) {
			// Clocks of two machines agree to a few milliseconds: an answer before the question is that.
			kept.push(Math.max(0, Math.round(ms)));
			if (kept.length > KEPT) kept.shift();
		},
		figures() {
			const last = kept.at(-1);
			if (last === undefined) return null;
			const sorted = [...kept].sort((a, b) => a - b);
			return { last, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
		},
	};
}
