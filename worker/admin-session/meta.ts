import type { Sql } from "../live-ops/index.ts";

/** Small facts of a session that outlive an eviction: its town, how far the ledger is mirrored. */
export class Meta {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
		sql.run("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
	}

	get(key: string): string | null {
		return this.#sql.one<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value ?? null;
	}

	set(key: string, value: string): void {
		this.#sql.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value);
	}
}
