import type { Sql } from "../live-ops/index.ts";
import type { IngestEvent } from "../rpc.ts";

/** Where a host keeps its agent's events, one row each; Gastown's `rig_agent_events` (domain.md §1.5) where nothing else is said. */
export type EventTable = {
	table: string;
	/** Columns: the SDK's name of the event, its properties as JSON text, when it was stored, as ISO text. */
	type: string;
	data: string;
	at: string;
};

export const GASTOWN_EVENTS: EventTable = {
	...{ table: "rig_agent_events", type: "event_type", data: "data", at: "created_at" },
};

const TRIGGER = "live_ops_heard_insert";

/**
 * Hears what a host inserts into its table of events, in the transaction of the insert; what the host prunes later is heard already.
 * What was there before is heard first. False while there is no such table.
 */
export function hear(sql: Sql, { table, type, data, at }: EventTable): boolean {
	sql.run(`CREATE TABLE IF NOT EXISTS live_ops_heard (
		id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, data TEXT, at TEXT)`);
	if (!sql.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", table)) return false;
	const text = `CREATE TRIGGER ${TRIGGER} AFTER INSERT ON "${table}" BEGIN
	INSERT INTO live_ops_heard (type, data, at) VALUES (NEW."${type}", NEW."${data}", NEW."${at}");
END`;
	const stored = sql.one<{ sql: string }>(
		"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?",
		TRIGGER,
	);
	if (stored?.sql === text) return true;
	if (stored) sql.run(`DROP TRIGGER ${TRIGGER}`);
	// Never twice: a trigger that was there before has heard them.
	else
		sql.run(
			`INSERT INTO live_ops_heard (type, data, at) SELECT "${type}", "${data}", "${at}" FROM "${table}" ORDER BY rowid`,
		);
	sql.run(text);
	return true;
}

/** What was heard since the last time, oldest first; it is then taken out, in the same transaction. */
export function takeHeard(sql: Sql, now: number): IngestEvent[] {
	const rows = sql.all<{ type: string | null; data: string | null; at: string | null }>(
		"SELECT type, data, at FROM live_ops_heard ORDER BY id",
	);
	if (rows.length > 0) sql.run("DELETE FROM live_ops_heard");
	return rows.map(({ type, data, at }) => {
		const time = Date.parse(at ?? "");
		return { at: Number.isFinite(time) ? time : now, id: null, type: String(type), properties: parsed(data) };
	});
}

function parsed(data: string | null): unknown {
	try {
		return JSON.parse(data ?? "null");
	} catch {
		return { text: data };
	}
}
