import type { LedgerEntry } from "../../shared/protocol/index.ts";
import { type Look, look } from "../ui/index.ts";

/** First place where a row does not name the hash of the row before it, among neighbours that are known here. */
export function chainBreak(entries: Iterable<LedgerEntry>): number | null {
	const rows = [...entries].sort((a, b) => a.n - b.n);
	for (let at = 1; at < rows.length; at++) {
		const [before, row] = [rows[at - 1], rows[at]];
		if (before && row && row.n === before.n + 1 && row.prev_hash !== before.hash) return row.n;
	}
	return null;
}

/** Numbers between the first and the last known here of rows that are not: first and last of each run. */
function missing(entries: Iterable<LedgerEntry>): [from: number, to: number][] {
	const numbers = [...entries].map(({ n }) => n).sort((a, b) => a - b);
	return numbers.flatMap((n, at): [number, number][] => {
		const before = numbers[at - 1] ?? n;
		return n - before > 1 ? [[before + 1, n - 1]] : [];
	});
}

/** What can be said of the chain from the rows known here, in order (LEDGER-3); `more`: the session has older ones. */
export function chainLook(rows: readonly LedgerEntry[], more: boolean | null): Look | null {
	const [first, last] = [rows[0], rows.at(-1)];
	if (!first || !last) return null;
	const broken = chainBreak(rows);
	if (broken !== null)
		return look("failed", `Chain broken: row ${broken} does not follow from the one before it`, "bad");
	const holes = missing(rows).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
	const older = more ? "older ones are not loaded" : "";
	const known = `Rows ${first.n} to ${last.n}`;
	if (holes.length === 0)
		return look("done", [`${known} follow one another`, older].filter(Boolean).join("; "), "good");
	const told = [`${known}: ${holes.join(", ")} not loaded, the others follow one another`, older];
	return look("unknown", told.filter(Boolean).join("; "), "quiet");
}
