import { placeOf } from "./layout.ts";

/** How a stream is read (L6): following its end, or reading where the reader is. */
export type Mode = "following" | "reading";

/** `up`: wheel up, PageUp, arrows, Home, dragging the bar, selecting text, searching. `end`: End, the pill, or scrolled to the end. */
export type ModeEvent = "up" | "end";

/** Scrolled this near to the end by hand counts as the end, pixels. */
export const END_PX = 48;

const UP_KEYS = new Set(["PageUp", "ArrowUp", "ArrowDown", "PageDown", "Home"]);

/** What a key does to the mode; null where it does nothing. */
export const modeEventOfKey = (key: string): ModeEvent | null =>
	key === "End" || key === "f" ? "end" : UP_KEYS.has(key) ? "up" : null;

/** What is painted while paused (L7): what stood there when it was paused, as it was; filters go on working on it. */
export type Paused<Item> = { at: number; items: ReadonlyMap<string, Item>; upTo: number | null };

export function pausedItems<Item>(
	paused: Paused<Item>,
	items: readonly Item[],
	keyOf: (item: Item) => string,
	orderOf?: (item: Item) => number,
): Item[] {
	return items.flatMap((item) => {
		const frozen = paused.items.get(keyOf(item));
		if (frozen !== undefined) return [frozen];
		const before = orderOf && paused.upTo !== null && orderOf(item) <= paused.upTo;
		return before ? [item] : [];
	});
}

/** The line that was last when the reader left the end, and where it stood then. */
export type Left = { key: string; index: number };

/** How many items stand after the one that was last when the reader left the end. */
export function newSince<Item>(
	items: readonly Item[],
	left: Left | null,
	keyOf: (item: Item) => string,
): number {
	const at = left === null ? -1 : placeOf(items, keyOf, left.key, left.index);
	return at < 0 ? 0 : items.length - 1 - at;
}
