import { useCallback, useEffect, useRef, useState } from "react";
import type { Batch } from "../../shared/protocol/index.ts";
import { useOpenTown } from "./open-town.ts";

const PAGE = 200;

/** The change log before what came live, oldest first; a page at first, older ones on demand. */
export function useOlderBatches() {
	const { ask, batches } = useOpenTown();
	const [rows, setRows] = useState<readonly Batch[]>([]);
	const [more, setMore] = useState<boolean | null>(null);
	const [loading, setLoading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const oldest = useRef<number | null>(null);
	oldest.current = rows[0]?.from ?? batches[0]?.from ?? null;
	const older = useCallback(() => {
		setLoading(true);
		setFailed(null);
		ask({ kind: "changes", before: oldest.current, limit: PAGE }).then(
			(answer) => {
				const read = (answer.rows as Batch[]).toReversed();
				setRows((known) => [
					...read.filter((batch) => !known.some((one) => one.from === batch.from)),
					...known,
				]);
				setMore(answer.more);
				setLoading(false);
			},
			(error: unknown) => {
				setFailed(error instanceof Error ? error.message : "The read failed.");
				setLoading(false);
			},
		);
	}, [ask]);
	useEffect(older, [older]);
	return { rows, more, loading, failed, older };
}
