import { useCallback, useEffect, useState } from "react";
import type { Batch } from "../../../shared/protocol/index.ts";
import { holesIn, withBatches } from "../changes/batch-log.ts";
import { useOpenTown } from "../open-town.ts";
import { within } from "./lanes.ts";
import type { Range } from "./range.ts";

const PAGE = 200;

/** `next` is the seq below which is read next; null where all of the range has been read. */
type Reading = { rows: readonly Batch[]; next: number | "head" | null; gone: boolean };

/** The change log of a range: what came live, and the rest page by page until it is whole or no longer kept. */
export function useRange(range: Range) {
	const { ask, batches } = useOpenTown();
	const { from, to } = range;
	const [reading, setReading] = useState<Reading>({
		rows: [],
		next: to === null ? "head" : to + 1,
		gone: false,
	});
	const [failed, setFailed] = useState<string | null>(null);
	const rows = within(withBatches(reading.rows, batches), range);
	// What a reconnect left out is read as well.
	const hole = holesIn(rows).at(-1)?.to;
	const next = reading.next ?? (hole === undefined ? null : hole + 1);
	useEffect(() => {
		if (next === null || failed !== null) return;
		let left = false;
		ask({ kind: "changes", before: next === "head" ? null : next, limit: PAGE }).then(
			(answer) => {
				if (left) return;
				const page = answer.rows as Batch[];
				const lowest = page.at(-1)?.from ?? (next === "head" ? 0 : next);
				setReading((before) => ({
					rows: withBatches(before.rows, page.toReversed()),
					next: lowest > from + 1 && answer.more ? lowest : null,
					gone: before.gone || (lowest > from + 1 && !answer.more),
				}));
			},
			(error: unknown) => {
				if (!left) setFailed(error instanceof Error ? error.message : "The read failed.");
			},
		);
		return () => {
			left = true;
		};
	}, [ask, next, failed, from]);
	const again = useCallback(() => setFailed(null), []);
	return { rows, loading: next !== null && failed === null, gone: reading.gone, failed, again };
}
