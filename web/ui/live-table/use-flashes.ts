import { useEffect, useRef, useState } from "react";
import { type Flashes, flash, NO_FLASHES, nextFade } from "./flash.ts";
import type { Column } from "./types.ts";
import { uiNow } from "./use-places.ts";

const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Flashes of the cells of the rows in view whose `value` has changed since they were painted last (L2, L3). */
export function useFlashes<Row>(
	inView: readonly { key: string; row: Row }[],
	columns: readonly Column<Row>[],
): Flashes {
	const [flashes, setFlashes] = useState<Flashes>(NO_FLASHES);
	const painted = useRef(new Map<string, { row: Row; values: unknown[] }>());

	useEffect(() => {
		const changed: { key: string; column: string }[] = [];
		const now = new Map<string, { row: Row; values: unknown[] }>();
		for (const { key, row } of inView) {
			const before = painted.current.get(key);
			const values = before?.row === row ? before.values : columns.map((column) => column.value?.(row));
			now.set(key, { row, values });
			if (!before || before.row === row) continue;
			columns.forEach((column, i) => {
				if (column.value && before.values[i] !== values[i]) changed.push({ key, column: column.id });
			});
		}
		painted.current = now;
		if (changed.length > 0) setFlashes((before) => flash(before, changed, uiNow(), reducedMotion()));
	});

	useEffect(() => {
		const fade = nextFade(flashes, uiNow());
		if (fade === null) return;
		const timer = setTimeout(
			() => setFlashes((before) => flash(before, [], uiNow(), false)),
			Math.max(0, fade - uiNow()) + 1,
		);
		return () => clearTimeout(timer);
	}, [flashes]);

	return flashes;
}
