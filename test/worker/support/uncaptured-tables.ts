import type { Table } from "../../../shared/gastown/table.ts";
import type { Sql } from "../../../worker/live-ops/sql.ts";

/** Tables that are neither captured nor on the list of those left out: there should be none (FEED-1). */
export function uncapturedTables(sql: Sql, tables: readonly Table[], leftOut: Iterable<string>): string[] {
	const known = new Set([...tables.map((table) => table.name), ...leftOut]);
	return sql
		.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
		.map((row) => row.name)
		.filter((name) => !known.has(name) && !name.startsWith("sqlite_") && !name.startsWith("_cf_"));
}
