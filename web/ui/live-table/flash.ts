/** Limits of L3: a cell flashes at most once in this time, and so many at once are in view. */
export const CELL_REST_MS = 2_000;
export const MOST_FLASHES = 8;
/** A flash stands for one second and goes in 120 ms (L2). */
const FLASH_MS = 1_120;
/** How long the dot of a changed row stands. */
const DOT_MS = 4_000;

/** `cells`: when each cell (`row/column`) last flashed; `dots`: when each row last changed without a flash. */
export type Flashes = { cells: ReadonlyMap<string, number>; dots: ReadonlyMap<string, number> };

export const NO_FLASHES: Flashes = { cells: new Map(), dots: new Map() };

export const cellId = (key: string, column: string): string => `${key}/${column}`;

/**
 * Flashes after cells of rows in view have changed at `now`; what has gone by is dropped. Beyond the limits, and always
 * under reduced motion, the row gets a dot instead.
 */
export function flash(
	before: Flashes,
	changed: readonly { key: string; column: string }[],
	now: number,
	reducedMotion: boolean,
): Flashes {
	const cells = new Map([...before.cells].filter(([, at]) => now - at < CELL_REST_MS));
	const dots = new Map([...before.dots].filter(([, at]) => now - at < DOT_MS));
	let flashing = [...cells.values()].filter((at) => now - at < FLASH_MS).length;
	for (const { key, column } of changed) {
		const id = cellId(key, column);
		if (reducedMotion || cells.has(id) || flashing >= MOST_FLASHES) dots.set(key, now);
		else {
			cells.set(id, now);
			flashing++;
		}
	}
	return { cells, dots };
}

/** When the next flash or dot has gone by; null where there is none. */
export const nextFade = (flashes: Flashes, now: number): number | null => {
	const due = [
		...[...flashes.cells.values()].map((at) => at + FLASH_MS),
		...[...flashes.dots.values()].map((at) => at + DOT_MS),
	].filter((at) => at > now);
	return due.length === 0 ? null : Math.min(...due);
};
