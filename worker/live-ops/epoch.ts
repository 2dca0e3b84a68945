import { createHash } from "node:crypto";
import type { Table } from "../../shared/gastown/table.ts";
import type { Position, ResetReason } from "../../shared/protocol/index.ts";
import { captureTriggers } from "./capture.ts";
import type { Sql } from "./sql.ts";

/**
 * The epoch of a change log: a random id that lasts as long as the captured columns stay what they are (FEED-2). A log
 * whose rows changed their shape starts another, so that nobody folds rows of two shapes into one state; and so does one that was
 * `torn`: its triggers were gone for a while, and nobody knows what they missed.
 */
export function openEpoch(sql: Sql, tables: readonly Table[], random: () => string, torn = false): string {
	const shape = shapeOf(tables);
	const epoch = storedEpoch(sql);
	if (epoch !== null && stored(sql, "shape") === shape && !torn) return epoch;
	const next = random();
	sql.run("INSERT OR REPLACE INTO live_ops_meta (key, value) VALUES ('epoch', ?), ('shape', ?)", next, shape);
	return next;
}

/** The epoch that was opened last, null before the first. */
export function storedEpoch(sql: Sql): string | null {
	sql.run(
		"CREATE TABLE IF NOT EXISTS live_ops_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
	);
	return stored(sql, "epoch");
}

const stored = (sql: Sql, key: string): string | null =>
	sql.one<{ value: string }>("SELECT value FROM live_ops_meta WHERE key = ?", key)?.value ?? null;

/** What rows look like on the wire, and which are part of a state. */
function shapeOf(tables: readonly Table[]): string {
	const hash = createHash("sha256");
	for (const table of tables) {
		hash.update(`${table.kind} ${table.name}\n`);
		for (const trigger of captureTriggers(table)) hash.update(`${trigger.sql}\n`);
	}
	return hash.digest("hex");
}

/** What a cursor is checked against. */
export type Log = {
	epoch: string;
	head(): Position;
	horizon(): number;
	/** Mark of the batch that ends at `seq`; "" at 0, null where none ends there. */
	markAt(seq: number): string | null;
};

/** Null when what follows the cursor can be given, else why only a whole state will do (FEED-2). */
export function whyReset(log: Log, cursor: Position | null): ResetReason | null {
	if (!cursor) return "first";
	if (cursor.epoch !== log.epoch) return "epoch";
	if (cursor.seq > log.head().seq) return "ahead";
	if (cursor.seq < log.horizon()) return "horizon";
	return log.markAt(cursor.seq) === cursor.mark ? null : "mark";
}
