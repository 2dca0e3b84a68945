/** Where the lines of a stream stand, pixels from the first. */
export type Layout<Item> = {
	/**
	 * What the stream has now. The same array as before has only grown at its end, and costs what has grown; another one
	 * is compared from its first item on.
	 */
	update(items: readonly Item[], estimate: number): void;
	readonly count: number;
	startOf(index: number): number;
	sizeOf(index: number): number;
	total(): number;
	/** The line at this place: the first for what is above, the last for what is below; -1 where there is none. */
	indexAt(offset: number): number;
	/** The line's size was seen; null: it is as estimated. True where that moves what is below. */
	resize(index: number, size: number | null): boolean;
	/** Where the line with this key stands, looked for at `hint` first, then from the end; -1 where it is not. */
	indexOf(key: string, hint: number): number;
};

/** Heights as estimated but for the lines that were measured; starts are made up to date from the first that moved. */
export function lineLayout<Item>(keyOf: (item: Item) => string): Layout<Item> {
	let items: readonly Item[] = [];
	const known: Item[] = [];
	let estimate = 0;
	/** `starts[i]` holds below `fresh`; one more than there are lines, the last is the total. */
	let starts = new Float64Array(64);
	let fresh = 0;
	const measured = new Map<string, number>();

	const sizeOf = (index: number): number => {
		if (measured.size === 0) return estimate;
		const item = known[index];
		return (item === undefined ? undefined : measured.get(keyOf(item))) ?? estimate;
	};
	const settle = (upTo: number) => {
		if (starts.length <= known.length) {
			const more = new Float64Array(Math.max(known.length + 1, starts.length * 2));
			more.set(starts);
			starts = more;
		}
		for (; fresh < upTo; fresh++) starts[fresh + 1] = (starts[fresh] ?? 0) + sizeOf(fresh);
	};
	const startOf = (index: number): number => {
		settle(Math.min(index, known.length));
		return starts[Math.min(index, known.length)] ?? 0;
	};

	return {
		get count() {
			return known.length;
		},
		update(next, height) {
			if (height !== estimate) fresh = 0;
			estimate = height;
			if (next !== items || next.length < known.length) {
				let same = 0;
				const both = Math.min(known.length, next.length);
				while (same < both && known[same] === next[same]) same++;
				known.length = same;
				fresh = Math.min(fresh, same);
				items = next;
			}
			for (let i = known.length; i < next.length; i++) known.push(next[i] as Item);
		},
		startOf,
		sizeOf,
		total: () => startOf(known.length),
		indexAt(offset) {
			settle(known.length);
			let low = 0;
			let high = known.length - 1;
			while (low < high) {
				const middle = (low + high + 1) >> 1;
				if ((starts[middle] ?? 0) <= offset) low = middle;
				else high = middle - 1;
			}
			return high < 0 ? -1 : low;
		},
		resize(index, size) {
			const item = known[index];
			if (item === undefined) return false;
			const before = sizeOf(index);
			if (size === null) measured.delete(keyOf(item));
			else measured.set(keyOf(item), size);
			if (before === (size ?? estimate)) return false;
			fresh = Math.min(fresh, index);
			return true;
		},
		indexOf: (key, hint) => placeOf(known, keyOf, key, hint),
	};
}

/** Index of the item with this key, looked for at `hint` first, then from the end; -1 where it is not. */
export function placeOf<Item>(
	items: readonly Item[],
	keyOf: (item: Item) => string,
	key: string,
	hint: number,
): number {
	const there = items[hint];
	if (there !== undefined && keyOf(there) === key) return hint;
	for (let i = items.length - 1; i >= 0; i--) if (keyOf(items[i] as Item) === key) return i;
	return -1;
}
