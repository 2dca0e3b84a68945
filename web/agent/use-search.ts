import { useRef, useState } from "react";
import { finder } from "./finder.ts";

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

/** Finds words in lines without stopping or hiding anything. `keyOf` and `textOf` stay those of the first call. */
export function useSearch<Item>(
	items: readonly Item[],
	keyOf: (item: Item) => string,
	textOf: (item: Item) => string,
): Search {
	const [words, setWords] = useState("");
	const [current, setCurrent] = useState<string | null>(null);
	const wanted = words.trim().toLowerCase();
	const [find] = useState(() => finder(keyOf, textOf));
	const hits = find(items, wanted);
	const hint = useRef(-1);
	if (current !== null && hits[hint.current] !== current) hint.current = hits.indexOf(current);
	const at = current === null ? -1 : hint.current;
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
