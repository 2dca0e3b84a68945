import { type Finding, findingKey } from "../../../shared/diagnosis/finding.ts";

/** A finding on the attention list, over time (L10). Times are the town's epoch milliseconds. */
export type Item = {
	key: string;
	finding: Finding;
	/** Null while it stands. */
	clearedAt: number | null;
	/** It had cleared, and came back after so long. */
	cameBackAfter: number | null;
	/** Not yet looked at since it appeared. */
	fresh: boolean;
};

/** How long a cleared finding stays in its place before it folds into "Cleared today". */
export const CLEARED_STAYS_MS = 60_000;

/** Away for less, it had not cleared: what proves it was read anew, as while its container dies and starts (ours). */
const BLINK_MS = 10_000;

/**
 * The list after the town was diagnosed anew. `findings` are roots in the order of the diagnosis: worst, most behind,
 * oldest. A cleared one keeps its place for a minute; one that returns says after how long. While the list is `held`
 * nothing moves: what is new waits at its end. Only roots stand here (D1). What cleared before today is forgotten.
 */
export function attentionAfter(
	known: readonly Item[],
	findings: readonly Finding[],
	now: number,
	held: boolean,
	first: boolean,
): Item[] {
	const midnight = new Date(now).setHours(0, 0, 0, 0);
	const before = known.filter(
		({ clearedAt }) => clearedAt === null || clearedAt >= Math.min(midnight, now - CLEARED_STAYS_MS),
	);
	const roots = findings.filter((finding) => finding.because === null);
	const items = new Map(before.map((item) => [item.key, item]));
	const wanted = roots.map((finding): Item => {
		const key = findingKey(finding);
		const item = items.get(key);
		if (!item) return { key, finding, clearedAt: null, cameBackAfter: null, fresh: !first };
		const gone = item.clearedAt === null ? 0 : now - item.clearedAt;
		const cameBackAfter = gone > BLINK_MS ? gone : item.cameBackAfter;
		return { ...item, finding, clearedAt: null, cameBackAfter };
	});
	const standing = new Map(wanted.map((item) => [item.key, item]));
	const cleared = (item: Item): Item => (item.clearedAt === null ? { ...item, clearedAt: now } : item);
	if (held) {
		const kept = before.map((item) => standing.get(item.key) ?? cleared(item));
		return [...kept, ...wanted.filter((item) => !items.has(item.key))];
	}
	const list = [...wanted];
	before.forEach((item, at) => {
		if (!standing.has(item.key)) list.splice(Math.min(at, list.length), 0, cleared(item));
	});
	return list;
}

/** Those that have their own place, and those that have folded into "Cleared today". */
export const folded = (items: readonly Item[], now: number): { shown: Item[]; cleared: Item[] } => {
	const gone = (item: Item) => item.clearedAt !== null && now - item.clearedAt >= CLEARED_STAYS_MS;
	return { shown: items.filter((item) => !gone(item)), cleared: items.filter(gone) };
};

/** The item after somebody looked at it. */
export const lookedAt = (items: readonly Item[], key: string): Item[] =>
	items.map((item) => (item.key === key ? { ...item, fresh: false } : item));
