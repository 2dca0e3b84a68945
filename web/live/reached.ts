import type { LedgerEntry, Question } from "../../shared/protocol/index.ts";
import type { RowsResult } from "./client-types.ts";

type Parts = {
	intervention: string;
	/** Number of the newest entry that was known before the connection was lost. */
	newest: number;
	query(question: Question): Promise<RowsResult>;
	/** Resolves with the next welcome. */
	welcomed(): Promise<void>;
	/** Entries that were read on the way. */
	found(rows: readonly unknown[]): void;
};

const PAGE = 100;

/**
 * Whether an intervention has an entry in the ledger, though its answer was lost (LEDGER-2: the intent is written before
 * anything is done). Reads back to what was known before; after another loss it begins anew. Pending until it is known.
 */
export async function reachedTown({ intervention, newest, query, welcomed, found }: Parts): Promise<boolean> {
	await welcomed();
	let before: number | null = null;
	for (;;) {
		const page = await query({ kind: "ledger", before, limit: PAGE });
		if (!page.ok) {
			await welcomed();
			before = null;
			continue;
		}
		const rows = page.rows as LedgerEntry[];
		found(rows);
		if (rows.some((entry) => entry.id === intervention)) return true;
		const oldest = Math.min(...rows.map(({ n }) => n));
		if (!page.more || oldest <= newest + 1) return false;
		before = oldest;
	}
}
