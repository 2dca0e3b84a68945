import type { Sql } from "../live-ops/index.ts";

/** Tables of an AgentDO. None is captured: the stream is its own log. */
const TABLES = [
	// One row per segment: its whole text, as viewers get it (STREAM-1).
	`CREATE TABLE IF NOT EXISTS segment (
		to_seq INTEGER PRIMARY KEY, from_seq INTEGER NOT NULL, at INTEGER NOT NULL, mark TEXT NOT NULL,
		bytes INTEGER NOT NULL, text TEXT NOT NULL)`,
	// Cut bodies, by SHA-256 of their text (STREAM-2). `last_seq` is the newest event that refers to it.
	`CREATE TABLE IF NOT EXISTS body (
		ref TEXT PRIMARY KEY, size INTEGER NOT NULL, pieces INTEGER NOT NULL, bytes INTEGER NOT NULL,
		last_seq INTEGER NOT NULL) WITHOUT ROWID`,
	"CREATE INDEX IF NOT EXISTS body_last ON body (last_seq)",
	`CREATE TABLE IF NOT EXISTS body_piece (
		ref TEXT NOT NULL, piece INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (ref, piece)) WITHOUT ROWID`,
	// Usage by message, so that what a message repeats is counted once, and its sums (STREAM-4). Cost in nanodollars.
	`CREATE TABLE IF NOT EXISTS message_usage (
		message TEXT PRIMARY KEY, attempt TEXT NOT NULL, model TEXT NOT NULL, input INTEGER NOT NULL,
		output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL,
		cost INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS total_usage (
		attempt TEXT NOT NULL, model TEXT NOT NULL, bead TEXT, input INTEGER NOT NULL, output INTEGER NOT NULL,
		reasoning INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, cost INTEGER NOT NULL,
		seq INTEGER NOT NULL, PRIMARY KEY (attempt, model)) WITHOUT ROWID`,
	// One row of JSON: everything that must survive an eviction and changes with each append.
	"CREATE TABLE IF NOT EXISTS stream_state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL)",
];

export function createStreamTables(sql: Sql): void {
	for (const statement of TABLES) sql.run(statement);
}

/** Forgets everything: the 30 days after the agent's deletion are over (STREAM-3). */
export function emptyStream(sql: Sql): void {
	for (const table of ["segment", "body", "body_piece", "message_usage", "total_usage", "stream_state"])
		sql.run(`DELETE FROM ${table}`);
}
