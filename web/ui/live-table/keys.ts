/** Where a key leads in a list of `count` rows with `at` as the active index; null for keys that do not move. */
export function moveBy(key: string, at: number, count: number, page: number): number | null {
	const clamp = (index: number) => Math.max(0, Math.min(count - 1, index));
	switch (key) {
		case "j":
		case "ArrowDown":
			return clamp(at + 1);
		case "k":
		case "ArrowUp":
			return clamp(at - 1);
		case "PageDown":
			return clamp(at + page);
		case "PageUp":
			return clamp(at - page);
		case "Home":
			return 0;
		case "End":
			return clamp(count - 1);
		default:
			return null;
	}
}

/** The selection after `x` on a row, or after Shift-`x`, which takes the range from the row selected last. */
export function selectWith(
	selected: ReadonlySet<string>,
	keys: readonly string[],
	at: string,
	range: boolean,
	last: string | null,
): ReadonlySet<string> {
	const next = new Set(selected);
	if (range && last !== null && keys.includes(last)) {
		const [from, to] = [keys.indexOf(last), keys.indexOf(at)].sort((a, b) => a - b) as [number, number];
		for (const key of keys.slice(from, to + 1)) next.add(key);
	} else if (!next.delete(at)) next.add(at);
	return next;
}

/** True where a key is being typed into a field, so that no single key acts (design-ui §8). */
export const isTyping = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
