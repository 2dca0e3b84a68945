/**
 * Keys of the items whose text has the words, again and again: an array that has only grown is looked through from where
 * it was left, and an item that was looked through is not again.
 */
export function finder<Item>(
	keyOf: (item: Item) => string,
	textOf: (item: Item) => string,
): (items: readonly Item[], wanted: string) => readonly string[] {
	let words = "";
	let looked: readonly Item[] = [];
	let upTo = 0;
	let hits: string[] = [];
	/** Of the items that are there now. */
	let known = new Map<Item, boolean>();

	/** `wanted` in lower case; empty finds nothing. */
	return (items, wanted) => {
		let before: ReadonlyMap<Item, boolean> = known;
		if (wanted !== words || items !== looked || items.length < upTo) {
			if (wanted !== words) before = new Map();
			known = new Map();
			words = wanted;
			looked = items;
			upTo = 0;
			hits = [];
		}
		if (wanted === "") return hits;
		for (; upTo < items.length; upTo++) {
			const item = items[upTo] as Item;
			const found = before.get(item) ?? textOf(item).toLowerCase().includes(wanted);
			known.set(item, found);
			if (found) hits.push(keyOf(item));
		}
		return hits;
	};
}
