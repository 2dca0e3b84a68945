import type { Table } from "../../shared/gastown/table.ts";
import type { QueryAnswer, Refusal } from "../rpc.ts";
import { asStored } from "./clean.ts";
import { quoted } from "./ddl.ts";
import { rowExpression } from "./row-expression.ts";
import type { Sql, SqlValue } from "./sql.ts";

type Where = { sql: string; bindings: SqlValue[] };

const refuse = (code: string, message: string): Refusal => ({ ok: false, code, message });

/** The row of this wire key as it is shown, or null where there is none. */
export function readRow(
	sql: Sql,
	table: Table,
	key: string,
	clean = asStored,
): Record<string, unknown> | null {
	const where = whereKey(table, key);
	if (!where) return null;
	const row = sql.one<{ row: string }>(
		`SELECT ${rowExpression(table, quoted(table.name))} AS row FROM ${quoted(table.name)} WHERE ${where.sql}`,
		...where.bindings,
	);
	return row && (JSON.parse(clean(row.row)) as Record<string, unknown>);
}

/** The whole text of one column that was cut in the log, as `rows: [text]`. Secret columns are refused (FEED-6). */
export function readCell(
	sql: Sql,
	table: Table,
	{ key, column }: { key: string; column: string },
	clean = asStored,
): QueryAnswer | Refusal {
	const described = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined;
	if (!described) return refuse("unknown-column", `${table.name} has no column ${column}`);
	if (described.secret) return refuse("secret-column", `${table.name}.${column} is never shown`);
	const where = whereKey(table, key);
	const cell =
		where &&
		sql.one<{ type: string; text: string | null }>(
			`SELECT typeof(${quoted(column)}) AS type, CAST(${quoted(column)} AS TEXT) AS text
			FROM ${quoted(table.name)} WHERE ${where.sql}`,
			...where.bindings,
		);
	if (!cell) return refuse("no-such-row", `${table.name} has no row ${key}`);
	if (cell.type === "blob")
		return refuse("not-text", `${table.name}.${column} of ${key} holds bytes, not text`);
	return { rows: [JSON.parse(clean(JSON.stringify(cell.text)))], more: false };
}

/** Which rows: `where` holds values of columns, `before` is the wire key of the oldest row already had. */
export type Older = { where: Record<string, string | null>; before: string | null; limit: number };

/** Rows as they are shown, the latest inserted first. */
export function readOlder(
	sql: Sql,
	table: Table,
	{ where, before, limit }: Older,
	clean = asStored,
): QueryAnswer | Refusal {
	const terms: string[] = [];
	const bindings: SqlValue[] = [];
	for (const [column, value] of Object.entries(where)) {
		const described = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined;
		if (!described || described.secret)
			return refuse("unknown-column", `${table.name} cannot be searched by ${column}`);
		terms.push(`${quoted(column)} IS ?`);
		bindings.push(value);
	}
	if (before !== null) {
		const oldest = whereKey(table, before);
		const row =
			oldest &&
			sql.one<{ at: number }>(
				`SELECT rowid AS at FROM ${quoted(table.name)} WHERE ${oldest.sql}`,
				...oldest.bindings,
			);
		if (!row) return refuse("no-such-row", `${table.name} has no row ${before}`);
		terms.push("rowid < ?");
		bindings.push(row.at);
	}
	const rows = sql.all<{ row: string }>(
		`SELECT ${rowExpression(table, quoted(table.name))} AS row FROM ${quoted(table.name)}
		${terms.length ? `WHERE ${terms.join(" AND ")}` : ""} ORDER BY rowid DESC LIMIT ?`,
		...bindings,
		limit + 1,
	);
	return { rows: rows.slice(0, limit).map(({ row }) => JSON.parse(clean(row))), more: rows.length > limit };
}

/** Null when the text cannot be a key of this table. */
function whereKey(table: Table, key: string): Where | null {
	const values = table.key.length === 1 ? [key] : composite(key, table.key.length);
	return (
		values && { sql: table.key.map((column) => `${quoted(column)} = ?`).join(" AND "), bindings: values }
	);
}

function composite(key: string, length: number): (string | number)[] | null {
	try {
		const values: unknown = JSON.parse(key);
		const fits =
			Array.isArray(values) &&
			values.length === length &&
			values.every((value) => typeof value === "string" || typeof value === "number");
		return fits ? values : null;
	} catch {
		return null;
	}
}
