import type { Row, Table } from "../../shared/gastown/index.ts";
import type { Sql, SqlValue } from "../live-ops/sql.ts";

/** Rows of described tables as objects: JSON columns are parsed on the way out and written as text on the way in. */
type Values<T extends Table> = Partial<Omit<Row<T>, "_cut">>;
type KeyValues = readonly string[];

/** A row as code reads it. Text that is not JSON, or NULL, in a JSON column comes out as it is: no list breaks on it. */
function decode<T extends Table>(table: T, raw: Record<string, SqlValue>): Row<T> {
	const row: Record<string, unknown> = { ...raw };
	for (const [name, column] of Object.entries(table.columns)) {
		const value = row[name];
		if (!column.json || typeof value !== "string") continue;
		try {
			row[name] = JSON.parse(value);
		} catch {
			// Stays the text that it is.
		}
	}
	return row as Row<T>;
}

const encode = (table: Table, name: string, value: unknown): SqlValue =>
	table.columns[name]?.json && value !== null && value !== undefined
		? JSON.stringify(value)
		: ((value ?? null) as SqlValue);

const present = (values: Record<string, unknown>) =>
	Object.entries(values).filter(([, value]) => value !== undefined);

const whereKey = (table: Table) => table.key.map((column) => `${column} = ?`).join(" AND ");

export function getRow<T extends Table>(sql: Sql, table: T, ...key: KeyValues): Row<T> | null {
	const raw = sql.one(`SELECT * FROM ${table.name} WHERE ${whereKey(table)}`, ...key);
	return raw && decode(table, raw);
}

/** Rows of `SELECT * FROM table` followed by `rest`, e.g. `WHERE status = ? ORDER BY created_at`. */
export function listRows<T extends Table>(sql: Sql, table: T, rest = "", ...bindings: SqlValue[]): Row<T>[] {
	return sql.all(`SELECT * FROM ${table.name} ${rest}`, ...bindings).map((raw) => decode(table, raw));
}

/** Inserts a row; columns left out take their default. Answers the row's `rowid`, the key of journals with an integer `id`. */
export function insertRow<T extends Table>(sql: Sql, table: T, values: Values<T>): number {
	const entries = present(values);
	const columns = entries.map(([name]) => name).join(", ");
	const marks = entries.map(() => "?").join(", ");
	const row = sql.one<{ rowid: number }>(
		`INSERT INTO ${table.name} (${columns}) VALUES (${marks}) RETURNING rowid AS rowid`,
		...entries.map(([name, value]) => encode(table, name, value)),
	);
	return row?.rowid ?? 0;
}

/** Changes the named columns of one row. */
export function updateRow<T extends Table>(sql: Sql, table: T, key: KeyValues, values: Values<T>): void {
	const entries = present(values);
	if (entries.length === 0) return;
	sql.run(
		`UPDATE ${table.name} SET ${entries.map(([name]) => `${name} = ?`).join(", ")} WHERE ${whereKey(table)}`,
		...entries.map(([name, value]) => encode(table, name, value)),
		...key,
	);
}

/** Inserts the row, or changes the named columns where its key exists. */
export function upsertRow<T extends Table>(sql: Sql, table: T, values: Values<T>): void {
	const entries = present(values);
	const columns = entries.map(([name]) => name);
	const changed = columns.filter((name) => !table.key.includes(name));
	sql.run(
		`INSERT INTO ${table.name} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
		 ON CONFLICT (${table.key.join(", ")}) DO ${
				changed.length
					? `UPDATE SET ${changed.map((name) => `${name} = excluded.${name}`).join(", ")}`
					: "NOTHING"
			}`,
		...entries.map(([name, value]) => encode(table, name, value)),
	);
}
