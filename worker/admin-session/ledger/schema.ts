import type { Sql } from "../../live-ops/index.ts";

/** Makes the ledger and its guards (LEDGER-3). A trigger whose text differs is made anew, so that an older one never stays. */
export function makeLedger(sql: Sql): void {
	sql.run(`CREATE TABLE IF NOT EXISTS ledger (
		n INTEGER PRIMARY KEY,
		id TEXT NOT NULL,
		step TEXT NOT NULL,
		at INTEGER NOT NULL,
		admin TEXT,
		body TEXT NOT NULL,
		prev_hash TEXT NOT NULL UNIQUE,
		hash TEXT NOT NULL)`);
	sql.run("CREATE INDEX IF NOT EXISTS ledger_by_id ON ledger (id, n)");
	sql.run("CREATE INDEX IF NOT EXISTS ledger_by_step ON ledger (step, at)");
	for (const [name, trigger] of Object.entries(TRIGGERS)) {
		const text = `CREATE TRIGGER ${name} ${trigger}`;
		const stored = sql.one<{ sql: string }>(
			"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?",
			name,
		);
		if (stored?.sql === text) continue;
		sql.run(`DROP TRIGGER IF EXISTS ${name}`);
		sql.run(text);
	}
}

const TRIGGERS = {
	ledger_no_update: `BEFORE UPDATE ON ledger
		BEGIN SELECT RAISE(ABORT, 'ledger: rows are never changed'); END`,
	ledger_no_delete: `BEFORE DELETE ON ledger
		BEGIN SELECT RAISE(ABORT, 'ledger: rows are never deleted'); END`,
	// INSERT OR REPLACE passes the two above, so the place and the link are checked as well.
	ledger_next: `BEFORE INSERT ON ledger
		WHEN NEW.n IS NOT (SELECT COALESCE(MAX(n), 0) + 1 FROM ledger)
			OR (NEW.n > 1 AND NEW.prev_hash IS NOT (SELECT hash FROM ledger WHERE n = NEW.n - 1))
		BEGIN SELECT RAISE(ABORT, 'ledger: not the next row'); END`,
};
