import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Row, TOWN_TABLES, type TownEntity } from "../../shared/gastown/index.ts";
import { keyOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "./open-town.ts";

/** Rows of a journal: those read by query and those that came live, oldest first. */
export type Journal<E extends TownEntity> = {
	rows: Row<(typeof TOWN_TABLES)[E]>[];
	/** `null` until the first read has ended well. */
	more: boolean | null;
	loading: boolean;
	/** Why the newest read failed; what is known stands beside it (P2). */
	failed: string | null;
	older(): void;
};

const PAGE = 100;

/** Rows of `entity` where the columns have these values; one page at first, older ones on demand. */
export function useJournal<E extends TownEntity>(entity: E, where: Record<string, string>): Journal<E> {
	type R = Row<(typeof TOWN_TABLES)[E]>;
	const { ask, view } = useOpenTown();
	const [read, setRead] = useState<{ rows: ReadonlyMap<string, R>; more: boolean | null }>(NOTHING);
	const [loading, setLoading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const filter = JSON.stringify(where);
	const round = useRef(0);
	const load = useCallback(
		(before: string | null) => {
			const mine = ++round.current;
			setLoading(true);
			setFailed(null);
			ask({ kind: "journal", entity, where: JSON.parse(filter), before, limit: PAGE }).then(
				({ rows, more }) => {
					if (mine !== round.current) return;
					setRead((known) => {
						const all = new Map<string, R>(before === null ? [] : (known.rows as Map<string, R>));
						for (const row of rows as R[]) all.set(keyOf(entity, row as Record<string, unknown>), row);
						return { rows: all, more };
					});
					setLoading(false);
				},
				(error: unknown) => {
					if (mine !== round.current) return;
					setFailed(error instanceof Error ? error.message : "The read failed.");
					setLoading(false);
				},
			);
		},
		[ask, entity, filter],
	);
	useEffect(() => {
		setRead(NOTHING);
		load(null);
	}, [load]);
	const version = view.versions[entity];
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const rows = useMemo(() => {
		const wanted: Record<string, string> = JSON.parse(filter);
		const all = new Map(read.rows as Map<string, R>);
		for (const [key, row] of view.tables[entity] as Map<string, R>)
			if (
				Object.entries(wanted).every(([column, value]) => (row as Record<string, unknown>)[column] === value)
			)
				all.set(key, row);
		return inOrder(entity, [...all.values()]);
	}, [read, view, version, entity, filter]);
	const oldest = rows[0];
	const older = () => load(oldest ? keyOf(entity, oldest as Record<string, unknown>) : null);
	return { rows, more: read.more, loading, failed, older };
}

const NOTHING = { rows: new Map(), more: null };

/** Numbered journals by their number, others by their time. */
function inOrder<R>(entity: TownEntity, rows: R[]): R[] {
	const columns = TOWN_TABLES[entity].columns as Record<string, unknown>;
	const by = "id" in columns ? "id" : "at" in columns ? "at" : "created_at";
	const of = (row: R) => (row as Record<string, string | number>)[by] ?? 0;
	return rows.sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
}
