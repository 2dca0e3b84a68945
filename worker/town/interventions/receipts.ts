import { type Receipt, receipt } from "../../../shared/interventions/index.ts";
import type { Sql } from "../../live-ops/sql.ts";

/** Uncaptured: receipts are the town's word to the session, whose ledger is what admins see (LEDGER-2). */
export function createReceipts(sql: Sql): void {
	sql.run(`CREATE TABLE IF NOT EXISTS receipts (
		id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID`);
	sql.run("CREATE INDEX IF NOT EXISTS receipts_at ON receipts (at)");
}

/** Whether anything was applied after `at`, epoch milliseconds of the town. */
export const appliedSince = (sql: Sql, at: number): boolean =>
	sql.one(
		"SELECT 1 FROM receipts WHERE at > ? AND json_extract(body, '$.outcome') = 'applied' LIMIT 1",
		at,
	) !== null;

/** A receipt that another version wrote says what it still can: an order must never count as unheard of. */
const anyVersion = receipt.extend({
	outcome: receipt.shape.outcome.catch("refused"),
	code: receipt.shape.code.catch("other-version"),
	message: receipt.shape.message.catch(
		"The town's receipt was written by another version and cannot be read whole. Look at the target before you order this again.",
	),
	before: receipt.shape.before.catch({}),
	after: receipt.shape.after.catch({}),
	seq: receipt.shape.seq.catch(0),
	effects: receipt.shape.effects.catch([]),
	within: receipt.shape.within.catch(0),
	undo: receipt.shape.undo.catch(null),
});

/** The receipt of an order, null where there is none. */
export function findReceipt(sql: Sql, id: string): Receipt | null {
	const row = sql.one<{ at: number; body: string }>("SELECT at, body FROM receipts WHERE id = ?", id);
	return row && anyVersion.parse({ ...(JSON.parse(row.body) as object), id, at: row.at });
}

/** As they are stored, by id, after `id`: the check of the ledger compares their very words (LEDGER-4). */
export const receiptsAfter = (sql: Sql, id: string, limit: number): { id: string; body: string }[] =>
	sql.all("SELECT id, body FROM receipts WHERE id > ? ORDER BY id LIMIT ?", id, limit);

/** Throws where there is one already: a receipt is written once. */
export function writeReceipt(sql: Sql, value: Receipt): Receipt {
	sql.run("INSERT INTO receipts (id, at, body) VALUES (?, ?, ?)", value.id, value.at, JSON.stringify(value));
	return value;
}
