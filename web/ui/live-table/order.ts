/** A row's place in a list. `leftAt`: since when it fits the list no more, in milliseconds; null while it fits. */
export type Place = { readonly key: string; readonly leftAt: number | null };

/** How long a row that no longer fits stays in its place (L4). */
export const LINGER_MS = 4_000;

const marked = (shown: readonly Place[], wanted: ReadonlySet<string>, now: number): readonly Place[] => {
	let changed = false;
	const places = shown.map((place) => {
		const leftAt = wanted.has(place.key) ? null : (place.leftAt ?? now);
		if (leftAt === place.leftAt) return place;
		changed = true;
		return { key: place.key, leftAt };
	});
	return changed ? places : shown;
};

const sameKeys = (a: readonly Place[], b: readonly Place[]): boolean =>
	a.length === b.length && a.every((place, i) => place.key === b[i]?.key && place.leftAt === b[i]?.leftAt);

/**
 * The places of a list after `wanted` has changed. While it is `held` no row comes, goes or moves (L5); else the wanted
 * order is taken, and rows that left stay behind the row that they followed until they have lingered (L4).
 * Gives back `shown` itself where nothing changed.
 */
export function nextPlaces(
	shown: readonly Place[],
	wanted: readonly string[],
	held: boolean,
	now: number,
): readonly Place[] {
	const fits = new Set(wanted);
	const places = marked(shown, fits, now);
	if (held) return places;
	/** Leavers by the wanted row they follow; null for those at the top. */
	const behind = new Map<string | null, Place[]>();
	let last: string | null = null;
	for (const place of places) {
		if (place.leftAt === null) last = place.key;
		else if (now - place.leftAt < LINGER_MS) behind.set(last, [...(behind.get(last) ?? []), place]);
	}
	const next = [...(behind.get(null) ?? [])];
	for (const key of wanted) next.push({ key, leftAt: null }, ...(behind.get(key) ?? []));
	return sameKeys(next, places) ? places : next;
}

/** When the next lingering row is due to go; null where none lingers. */
export const nextExpiry = (places: readonly Place[]): number | null => {
	const left = places.flatMap((place) => (place.leftAt === null ? [] : [place.leftAt + LINGER_MS]));
	return left.length === 0 ? null : Math.min(...left);
};

const longestRise = (values: readonly number[]): number => {
	const tails: number[] = [];
	for (const value of values) {
		let low = 0;
		let high = tails.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((tails[middle] as number) < value) low = middle + 1;
			else high = middle;
		}
		tails[low] = value;
	}
	return tails.length;
};

/** What waits while the order is held: rows that would move (the fewest that explain the new order) and rows that would come. */
export function waiting(
	shown: readonly Place[],
	wanted: readonly string[],
): { moved: number; entered: number } {
	const index = new Map(shown.map((place, i) => [place.key, i]));
	const common = wanted.flatMap((key) => index.get(key) ?? []);
	return { moved: common.length - longestRise(common), entered: wanted.length - common.length };
}

/**
 * Where to scroll so that the reader's row stays put after a change of order (L1, PAGE-2): the first of `preferred` that
 * was in the list before and is after, else the topmost row in view that survives. At the top of an untouched list
 * nothing is held, so that what comes first is seen. A list that fits is never scrolled, and none is past its end.
 */
export function anchoredScroll(
	before: readonly Place[],
	after: readonly Place[],
	view: { scrollTop: number; height: number; rowHeight: number },
	preferred: readonly (string | null)[],
): number {
	const { scrollTop, height, rowHeight } = view;
	const end = after.length * rowHeight - height;
	if (end <= 0) return 0;
	const was = new Map(before.map((place, i) => [place.key, i]));
	const is = new Map(after.map((place, i) => [place.key, i]));
	const inView = (key: string) => {
		const top = (was.get(key) ?? -1) * rowHeight;
		return top > scrollTop - rowHeight && top < scrollTop + height;
	};
	let anchor = preferred.find((key) => key !== null && is.has(key) && was.has(key) && inView(key)) ?? null;
	if (anchor === null && scrollTop > 0)
		anchor =
			before
				.slice(Math.floor(scrollTop / rowHeight), Math.ceil((scrollTop + height) / rowHeight))
				.find((place) => place.leftAt === null && is.has(place.key))?.key ?? null;
	if (anchor === null) return scrollTop;
	const held = scrollTop + ((is.get(anchor) as number) - (was.get(anchor) as number)) * rowHeight;
	// Space that a list which has become shorter left below its end is kept until it is scrolled off.
	return Math.max(0, Math.min(held, Math.max(end, scrollTop)));
}
