import { useCallback, useEffect, useMemo, useState } from "react";
import type { LedgerEntry } from "../../shared/protocol/index.ts";
import type { TownClient } from "../live/client.ts";
import { useOpenTown } from "./open-town.ts";

const PAGE = 200;
/** The client reads the newest entries after each welcome; only where they have not come they are asked for here. */
const WAIT_MS = 2_000;

/** Older entries that were read on this page, for whoever shows the ledger next. */
const readBy = new WeakMap<TownClient, ReadonlyMap<number, LedgerEntry>>();

/** Ledger rows of this town, oldest first: those that the client has, older ones and missing ones on demand. */
export function useLedger() {
	const { ask, client, ledger } = useOpenTown();
	const [read, setRead] = useState(() => readBy.get(client) ?? new Map<number, LedgerEntry>());
	const [loading, setLoading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const load = useCallback(
		(before: number | null) => {
			setLoading(true);
			setFailed(null);
			ask({ kind: "ledger", before, limit: PAGE }).then(
				(answer) => {
					const rows = (answer.rows as LedgerEntry[]).map((row) => [row.n, row] as const);
					const all = new Map([...(readBy.get(client) ?? []), ...rows]);
					readBy.set(client, all);
					setRead(all);
					setLoading(false);
				},
				(error: unknown) => {
					setFailed(error instanceof Error ? error.message : "The read failed.");
					setLoading(false);
				},
			);
		},
		[ask, client],
	);
	const rows = useMemo(
		() =>
			[...new Map([...read, ...ledger.map((row) => [row.n, row] as const)]).values()].sort(
				(a, b) => a.n - b.n,
			),
		[read, ledger],
	);
	const none = rows.length === 0;
	useEffect(() => {
		if (!none) return;
		const timer = setTimeout(() => load(null), WAIT_MS);
		return () => clearTimeout(timer);
	}, [none, load]);
	const before = firstMissing(rows);
	// Entries are numbered from 1 without holes (LEDGER-3).
	const more = none ? (readBy.has(client) ? false : null) : before > 1;
	return { rows, more, loading, failed, older: () => load(none ? null : before) };
}

/** Number of the newest entry whose forerunner is not here. */
function firstMissing(rows: readonly LedgerEntry[]): number {
	const at = rows.findLastIndex((row, i) => row.n - 1 !== rows[i - 1]?.n);
	return rows[at]?.n ?? 1;
}
