import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Row, TOWN_TABLES, TownEntity } from "../../shared/gastown/index.ts";
import { keyOf } from "../../shared/town-view/index.ts";
import { inOrder, type Known, knownOf, takeLive, takeRead } from "./journals.ts";
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
/** Who only passes by, row after row, reads nothing. */
const STAY_MS = 150;

/**
 * Rows of `entity` where the columns have these values; one page at first, older ones on demand. What was read or came
 * live stays, though the table lets its oldest rows go; a whole state begins anew.
 */
export function useJournal<E extends TownEntity>(
	entity: E,
	where: Record<string, string | null>,
): Journal<E> {
	const { ask, view } = useOpenTown();
	const filter = JSON.stringify(where);
	const known = useMemo(() => knownOf(view, entity, filter), [view, entity, filter]);
	const [reading, setReading] = useState<Known<E> | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const [reads, setReads] = useState(0);
	const latest = useRef(known);
	latest.current = known;
	const load = useCallback(
		(before: string | null) => {
			setReading(known);
			setFailed(null);
			ask({ kind: "journal", entity, where: JSON.parse(filter), before, limit: PAGE }).then(
				({ rows, more }) => {
					takeRead(entity, known, rows as Journal<E>["rows"]);
					known.more = more;
					if (latest.current !== known) return;
					setReading(null);
					setReads((n) => n + 1);
				},
				(error: unknown) => {
					if (latest.current !== known) return;
					setReading(null);
					setFailed(error instanceof Error ? error.message : "The read failed.");
				},
			);
		},
		[ask, entity, filter, known],
	);
	useEffect(() => {
		setFailed(null);
		if (known.more !== null) return;
		const timer = setTimeout(() => load(null), STAY_MS);
		return () => clearTimeout(timer);
	}, [known, load]);
	const version = view.versions[entity];
	// biome-ignore lint/correctness/useExhaustiveDependencies: view and journal change in place; version and reads tell
	const rows = useMemo(() => {
		takeLive(view, entity, filter, known);
		return inOrder(entity, known);
	}, [known, reads, view, version, entity, filter]);
	const oldest = known.more === null ? undefined : rows[0];
	const older = () => load(oldest ? keyOf(entity, oldest as Record<string, unknown>) : null);
	const loading = reading === known || (known.more === null && failed === null);
	return { rows, more: known.more, loading, failed, older };
}
