import { type Receipt, receipt } from "../../../shared/interventions/index.ts";
import type { Sql } from "../../live-ops/sql.ts";

/** Uncaptured: receipts are the town's word to the session, whose ledger is what admins see (LEDGER-2). */
export function createReceipts(sql: Sql): void {
	sql.run(`CREATE TABLE IF NOT EXISTS receipts (
		id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID`);
}

export function findReceipt(sql: Sql, id: string): Receipt | null {
	const row = sql.one<{ body: string }>("SELECT body FROM receipts WHERE id = ?", id);
	return row && receipt.parse(JSON.parse(row.body));
}

/** Throws where there is one already: a receipt is written once. */
export function writeReceipt(sql: Sql, value: Receipt): Receipt {
	sql.run("INSERT INTO receipts (id, at, body) VALUES (?, ?, ?)", value.id, value.at, JSON.stringify(value));
	return value;
}
