import { useCallback, useEffect, useRef, useState } from "react";
import type { Batch } from "../../shared/protocol/index.ts";
import { type Hole, holesIn, withBatches } from "./changes/batch-log.ts";
import { useOpenTown } from "./open-town.ts";

const PAGE = 200;

/**
 * The change log from a page before the mount on: what came live is kept, also when the town's own memory of it has gone
 * on. Older pages, and what a reconnect left out, on demand.
 */
export function useBatchLog() {
	const { ask, batches } = useOpenTown();
	const [rows, setRows] = useState<readonly Batch[]>(batches);
	// Before the paint, so that no frame lacks what its town has.
	const all = withBatches(rows, batches);
	if (all !== rows) setRows(all);
	const [more, setMore] = useState<boolean | null>(null);
	const [loading, setLoading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const oldest = useRef<number | null>(null);
	oldest.current = all[0]?.from ?? null;
	const read = useCallback(
		async (before: number | null) => {
			setLoading(true);
			setFailed(null);
			try {
				const answer = await ask({ kind: "changes", before, limit: PAGE });
				setRows((known) => withBatches(known, (answer.rows as Batch[]).toReversed()));
				return answer.more;
			} catch (error) {
				setFailed(error instanceof Error ? error.message : "The read failed.");
				return null;
			} finally {
				setLoading(false);
			}
		},
		[ask],
	);
	const older = useCallback(
		() => void read(oldest.current).then((further) => further !== null && setMore(further)),
		[read],
	);
	const fill = useCallback((hole: Hole) => void read(hole.to + 1), [read]);
	useEffect(older, [older]);
	return { rows: all, holes: holesIn(all), more, loading, failed, older, fill };
}
