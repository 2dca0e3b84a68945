import { createHash } from "node:crypto";
import { genesisText, type LedgerRow, rowText } from "../../../shared/interventions/chain.ts";
import type { LedgerEntry, LedgerStep } from "../../../shared/protocol/index.ts";
import type { Admin } from "../../auth/rights.ts";
import type { Sql } from "../../live-ops/index.ts";
import { makeLedger } from "./schema.ts";

/** Synchronous, because an `await` between reading the head and the insert would fork the chain (LEDGER-3). */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

type Step = {
	/** The intervention's id, or the access's. */
	id: string;
	step: LedgerStep;
	admin: Admin | null;
	body: Record<string, unknown>;
};

/** The append-only, hash-chained record of one town (LEDGER-3). */
export class Ledger {
	readonly #sql: Sql;
	readonly #clock: () => number;
	readonly #town: () => string;
	readonly #appended: (entry: LedgerEntry) => void;

	/** `appended` hears of each new row in the turn that wrote it. */
	constructor(options: {
		sql: Sql;
		clock: () => number;
		town: () => string;
		appended: (entry: LedgerEntry) => void;
	}) {
		this.#sql = options.sql;
		this.#clock = options.clock;
		this.#town = options.town;
		this.#appended = options.appended;
		makeLedger(options.sql);
	}

	/** Appends one step and gives the row as it travels. */
	append({ id, step, admin, body }: Step): LedgerEntry {
		const head = this.head();
		const row = {
			n: head.n + 1,
			id,
			step,
			at: this.#clock(),
			admin: admin && JSON.stringify(admin),
			body: JSON.stringify(body),
			prev_hash: head.hash,
		};
		const hash = sha256(rowText(row));
		this.#sql.run(
			"INSERT INTO ledger (n, id, step, at, admin, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			row.n,
			row.id,
			row.step,
			row.at,
			row.admin,
			row.body,
			row.prev_hash,
			hash,
		);
		const entry = entryOf({ ...row, hash });
		this.#appended(entry);
		return entry;
	}

	/** Where the chain ends; n is 0 while it is empty. */
	head(): { n: number; hash: string } {
		return (
			this.#sql.one<{ n: number; hash: string }>("SELECT n, hash FROM ledger ORDER BY n DESC LIMIT 1") ?? {
				n: 0,
				hash: sha256(genesisText(this.#town())),
			}
		);
	}

	/** Stored rows after `n`, oldest first. */
	after(n: number, limit: number): LedgerRow[] {
		return this.#sql.all<LedgerRow>("SELECT * FROM ledger WHERE n > ? ORDER BY n LIMIT ?", n, limit);
	}

	/** Rows below `before`, newest first. */
	before(before: number | null, limit: number): { rows: LedgerEntry[]; more: boolean } {
		const rows = this.#sql.all<LedgerRow>(
			"SELECT * FROM ledger WHERE n < ? ORDER BY n DESC LIMIT ?",
			before ?? Number.MAX_SAFE_INTEGER,
			limit + 1,
		);
		return { rows: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
	}

	/** Stored rows of the interventions, accesses and refusals whose first row comes after `n`, the first `limit` of them. */
	storiesAfter(n: number, limit: number): { rows: LedgerRow[]; last: number | null } {
		const firsts = this.#sql.all<{ id: string; n: number }>(
			`SELECT id, n FROM ledger AS row WHERE n > ?
			 AND NOT EXISTS (SELECT 1 FROM ledger WHERE id = row.id AND n < row.n) ORDER BY n LIMIT ?`,
			n,
			limit,
		);
		const rows = this.#sql.all<LedgerRow>(
			"SELECT * FROM ledger WHERE id IN (SELECT value FROM json_each(?)) ORDER BY n",
			JSON.stringify(firsts.map(({ id }) => id)),
		);
		return { rows, last: firsts.length < limit ? null : (firsts.at(-1)?.n ?? null) };
	}

	/** Every row of one intervention or access, oldest first. */
	of(id: string): LedgerEntry[] {
		return this.#sql.all<LedgerRow>("SELECT * FROM ledger WHERE id = ? ORDER BY n", id).map(entryOf);
	}

	/** True when this admin was refused for this reason within the last minute: one entry is enough (LEDGER-11). */
	refusedLately(admin: string, code: string): boolean {
		return (
			this.#sql.one(
				`SELECT 1 FROM ledger WHERE step = 'refusal' AND at > ?
				 AND json_extract(admin, '$.id') = ? AND json_extract(body, '$.code') = ?`,
				this.#clock() - 60_000,
				admin,
				code,
			) !== null
		);
	}
}

/** A stored row as it travels. */
export const entryOf = (row: LedgerRow): LedgerEntry => ({
	n: row.n,
	id: row.id,
	step: row.step,
	at: row.at,
	admin: row.admin === null ? null : (JSON.parse(row.admin) as Admin),
	body: JSON.parse(row.body) as Record<string, unknown>,
	prev_hash: row.prev_hash,
	hash: row.hash,
});
