import type { Column, Table } from "../../shared/gastown/table.ts";
import type { Sql } from "./sql.ts";

/** An identifier in SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A text in SQL. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Makes a table what its descriptor says: creates it, or adds the columns and indexes that it lacks. Columns that the
 * descriptor no longer names stay, uncaptured. Throws when a key column is missing, since that cannot be added.
 */
export function migrateTable(sql: Sql, table: Table): void {
	const columns = Object.entries(table.columns).map(([name, column]) => definition(name, column));
	sql.run(`CREATE TABLE IF NOT EXISTS ${quoted(table.name)} (
		${columns.join(",\n\t\t")},
		PRIMARY KEY (${table.key.map(quoted).join(", ")}))`);
	const present = new Set(columnsOf(sql, table.name));
	for (const [name, column] of Object.entries(table.columns)) {
		if (present.has(name)) continue;
		if (table.key.includes(name)) throw new Error(`${table.name} lacks its key column ${name}`);
		sql.run(`ALTER TABLE ${quoted(table.name)} ADD COLUMN ${definition(name, column, emptyValue(column))}`);
	}
	for (const index of table.indexes) {
		const unique = index.startsWith("unique ");
		const list = unique ? index.slice("unique ".length) : index;
		const name = quoted(`${table.name}_by_${list.replaceAll(/\W+/g, "_")}`);
		sql.run(
			`CREATE ${unique ? "UNIQUE " : ""}INDEX IF NOT EXISTS ${name} ON ${quoted(table.name)} (${list})`,
		);
	}
}

/** Column names of a table as it is stored, in order; none when there is no such table. */
export const columnsOf = (sql: Sql, name: string): string[] =>
	sql.all<{ name: string }>("SELECT name FROM pragma_table_info(?)", name).map((column) => column.name);

function definition(name: string, column: Column, fallback?: string): string {
	const value = column.default ?? fallback;
	const constraints = `${column.notNull ? " NOT NULL" : ""}${value === undefined ? "" : ` DEFAULT ${value}`}`;
	return `${quoted(name)} ${column.sql}${constraints}`;
}

/** What rows that are already there get in an added column: SQLite wants a default where null is not allowed. */
function emptyValue(column: Column): string | undefined {
	if (!column.notNull) return undefined;
	return column.sql === "TEXT" ? "''" : column.sql === "BLOB" ? "x''" : "0";
}
