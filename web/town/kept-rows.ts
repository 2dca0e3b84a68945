import { useMemo, useRef } from "react";

type Keyed = { key: string };

/** Rows with the very objects of `before` where nothing in them has changed. */
export function keptRows<R extends Keyed>(before: ReadonlyMap<string, R>, rows: readonly R[]): R[] {
	return rows.map((row) => {
		const known = before.get(row.key);
		return known && alike(known, row, (a, b) => alike(a, b, Object.is)) ? known : row;
	});
}

/** Rows are made anew with each change and second; what has not changed stays the same object, so that it is not rendered anew. */
export function useKeptRows<R extends Keyed>(rows: readonly R[]): readonly R[] {
	const before = useRef<ReadonlyMap<string, R>>(new Map());
	return useMemo(() => {
		const kept = keptRows(before.current, rows);
		before.current = new Map(kept.map((row) => [row.key, row]));
		return kept;
	}, [rows]);
}

/** The same value, or objects of which each field is `same`. */
function alike(a: unknown, b: unknown, same: (a: unknown, b: unknown) => boolean): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	const [mine, theirs] = [Object.entries(a), b as Record<string, unknown>];
	return mine.length === Object.keys(b).length && mine.every(([field, value]) => same(value, theirs[field]));
}
