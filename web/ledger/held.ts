import { useState } from "react";

/**
 * What came above the reader's first line is held until it is asked for, so that nothing moves under the hand (PAGE-2): how many,
 * and the rest. `first` is the key of the line that stood first when the reader last had all of them.
 */
export function held<T>(
	lines: readonly T[],
	keyOf: (line: T) => string,
	first: string | null,
): { shown: readonly T[]; newer: number } {
	const at = lines.findIndex((line) => keyOf(line) === first);
	return at > 0 ? { shown: lines.slice(at), newer: at } : { shown: lines, newer: 0 };
}

/** `about` names the list: another one begins with all of its lines, as does one whose first line has left it. */
export function useHeld<T>(lines: readonly T[], keyOf: (line: T) => string, about: string) {
	const [seen, setSeen] = useState<{ about: string; first: string } | null>(null);
	const [newest] = lines;
	const first = seen?.about === about ? seen.first : null;
	const showAll = () => newest !== undefined && setSeen({ about, first: keyOf(newest) });
	if (!lines.some((line) => keyOf(line) === first)) showAll();
	return { ...held(lines, keyOf, first), showAll };
}
