import { agentPulse } from "../../shared/gastown/index.ts";
import { migrateTable } from "../live-ops/ddl.ts";
import type { Sql } from "../live-ops/sql.ts";
import { reportKeys } from "./report-keys.ts";

/** Tables of TownDO that no feed shows, each with its reason; a test holds `sqlite_master` to this list (FEED-1). */
export const LEFT_OUT = {
	agent_pulse:
		"heartbeats and samples are shown live only; a log of them would be all that there is (FEED-9)",
	container_heard: "when the container last told anything: live only (FEED-9)",
	container_pulse: "the newest sample and log lines of the container: live only (FEED-9)",
	town_secrets: "secrets never enter the log (FEED-6); town_state.config shows which are set",
	report_keys: "names of reports that were taken, so that a repeat is known; says nothing about the town",
	owner_outbox: "what is still to be told to the owner's object; says nothing about the town",
	receipts: "an order's outcome reaches everybody through the ledger (LEDGER-2)",
	ordered_effects: "effects to be run and seen; how they stand shows in town_state.stops",
	agenda: "the object's own plan (ALARM-1)",
	change_log: "is the log",
	change_batch: "is the log",
	change_base: "is the log",
	live_ops_meta: "is the log's own epoch",
} as const;

/** Makes the tables that live-ops does not: those of towns that are not captured. Interventions make their own. */
export function createUncaptured(sql: Sql): void {
	migrateTable(sql, agentPulse);
	sql.run(
		"CREATE TABLE IF NOT EXISTS container_pulse (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL)",
	);
	sql.run(
		"CREATE TABLE IF NOT EXISTS town_secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
	);
	migrateTable(sql, reportKeys);
	sql.run(
		"CREATE TABLE IF NOT EXISTS container_heard (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL)",
	);
	sql.run(
		"CREATE TABLE IF NOT EXISTS owner_outbox (id INTEGER PRIMARY KEY CHECK (id = 1), told TEXT NOT NULL)",
	);
}
