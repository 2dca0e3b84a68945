import type { Batch } from "../../../shared/protocol/index.ts";

/** Changes that are not loaded: between a reconnect's whole state and what was known before. Both ends included. */
export type Hole = { from: number; to: number };

/** So many are kept; beyond that the oldest go, which can be read again. */
const MOST_BATCHES = 20_000;

/** `log` with `more` in their places, each batch once, oldest first; `log` itself where nothing is new. */
export function withBatches(log: readonly Batch[], more: readonly Batch[]): readonly Batch[] {
	const end = log.at(-1)?.to ?? Number.NEGATIVE_INFINITY;
	const fresh = more.filter((batch) => batch.from > end || !has(log, batch.from));
	if (fresh.length === 0) return log;
	const all = [...log, ...fresh];
	if (fresh.some((batch) => batch.from <= end)) all.sort((a, b) => a.from - b.from);
	return all.length > MOST_BATCHES ? all.slice(-MOST_BATCHES) : all;
}

/** Halves the log until it is found: this is asked for every batch of every frame. */
function has(log: readonly Batch[], from: number): boolean {
	let low = 0;
	let high = log.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((log[middle]?.from ?? 0) < from) low = middle + 1;
		else high = middle;
	}
	return log[low]?.from === from;
}

/** Where the log lacks changes between its batches (FEED-4: each follows the one before). */
export function holesIn(log: readonly Batch[]): Hole[] {
	return log.flatMap((batch, n) => {
		const before = log[n - 1];
		return before && before.to + 1 < batch.from ? [{ from: before.to + 1, to: batch.from - 1 }] : [];
	});
}
