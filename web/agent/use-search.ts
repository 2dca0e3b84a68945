import { useMemo, useState } from "react";

export type Search = {
	words: string;
	setWords(words: string): void;
	/** Key of the line that stands found, and its place among all. */
	current: string | null;
	at: number;
	of: number;
	next(): void;
	previous(): void;
	goTo(key: string | null): void;
};

/** Finds words in lines without stopping or hiding anything. */
export function useSearch<Item>(
	items: readonly Item[],
	keyOf: (item: Item) => string,
	textOf: (item: Item) => string,
): Search {
	const [words, setWords] = useState("");
	const [current, setCurrent] = useState<string | null>(null);
	const wanted = words.trim().toLowerCase();
	const hits = useMemo(
		() =>
			wanted === "" ? [] : items.filter((item) => textOf(item).toLowerCase().includes(wanted)).map(keyOf),
		[items, wanted, keyOf, textOf],
	);
	const at = current === null ? -1 : hits.indexOf(current);
	const step = (by: number) => {
		if (hits.length === 0) return;
		const from = at === -1 ? (by > 0 ? -1 : 0) : at;
		setCurrent(hits[(from + by + hits.length) % hits.length] ?? null);
	};
	return {
		words,
		setWords: (next) => {
			setWords(next);
			setCurrent(null);
		},
		current,
		at,
		of: hits.length,
		next: () => step(1),
		previous: () => step(-1),
		goTo: setCurrent,
	};
}
