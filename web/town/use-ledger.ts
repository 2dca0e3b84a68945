import { useCallback, useEffect, useMemo, useState } from "react";
import type { LedgerEntry } from "../../shared/protocol/index.ts";
import { useOpenTown } from "./open-town.ts";

const PAGE = 200;

/** Ledger rows of this town, oldest first: a page read at first, older ones on demand, and what comes live. */
export function useLedger() {
	const { ask, ledger } = useOpenTown();
	const [read, setRead] = useState<ReadonlyMap<number, LedgerEntry>>(new Map());
	const [more, setMore] = useState<boolean | null>(null);
	const [loading, setLoading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const load = useCallback(
		(before: number | null) => {
			setLoading(true);
			setFailed(null);
			ask({ kind: "ledger", before, limit: PAGE }).then(
				(answer) => {
					setRead(
						(known) =>
							new Map([...known, ...(answer.rows as LedgerEntry[]).map((row) => [row.n, row] as const)]),
					);
					setMore(answer.more);
					setLoading(false);
				},
				(error: unknown) => {
					setFailed(error instanceof Error ? error.message : "The read failed.");
					setLoading(false);
				},
			);
		},
		[ask],
	);
	useEffect(() => load(null), [load]);
	const rows = useMemo(
		() =>
			[...new Map([...read, ...ledger.map((row) => [row.n, row] as const)]).values()].sort(
				(a, b) => a.n - b.n,
			),
		[read, ledger],
	);
	return { rows, more, loading, failed, older: () => load(rows[0]?.n ?? null) };
}
