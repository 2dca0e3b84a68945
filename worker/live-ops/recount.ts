import type { Table } from "../../shared/gastown/table.ts";
import { columnsOf, literal, quoted } from "./ddl.ts";
import { keyExpression, rowExpression } from "./row-expression.ts";
import type { Sql } from "./sql.ts";

/** Described tables of a host, as far as they are there: a table without its key is none, a column that is missing is not captured. */
export function presentTables(
	sql: Sql,
	described: Readonly<Record<string, Table>>,
): Readonly<Record<string, Table>> {
	const there = Object.entries(described).flatMap(([name, table]) => {
		const columns = new Set(columnsOf(sql, table.name));
		if (!table.key.every((column) => columns.has(column))) return [];
		const shown = Object.entries(table.columns).filter(([column]) => columns.has(column));
		return [[name, { ...table, columns: Object.fromEntries(shown) }] as const];
	});
	return Object.fromEntries(there);
}

/**
 * Logs what state tables hold, as if it were written now, and that keys are gone which the log still knows: from here on the log
 * tells the whole state, whatever was written before anybody listened (FEED-4).
 */
export function recount(sql: Sql, tables: readonly Table[]): void {
	for (const table of tables.filter(({ kind }) => kind === "state")) {
		const [entity, name] = [literal(table.name), quoted(table.name)];
		sql.run(
			`INSERT INTO change_log (entity, key, op, row) SELECT ${entity}, key, 'del', NULL FROM (
				SELECT key, op, max(seq) FROM (
					SELECT key, 'put' AS op, 0 AS seq FROM change_base WHERE entity = ${entity} AND row IS NOT NULL
					UNION ALL SELECT key, op, seq FROM change_log WHERE entity = ${entity})
				GROUP BY key) WHERE op = 'put' AND key NOT IN (SELECT ${keyExpression(table, name)} FROM ${name})`,
		);
		sql.run(
			`INSERT INTO change_log (entity, key, op, row)
			SELECT ${entity}, ${keyExpression(table, name)}, 'put', ${rowExpression(table, name)} FROM ${name}`,
		);
	}
}
