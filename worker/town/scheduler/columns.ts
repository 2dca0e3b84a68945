import type { Sql, SqlValue } from "../../live-ops/sql.ts";

/** A row as SQLite gives it. */
export type Raw = Record<string, SqlValue>;
export const text = (value: SqlValue | undefined): string | null =>
	typeof value === "string" ? value : null;
export const words = (value: SqlValue | undefined): string => String(value ?? "");
export const number = (value: SqlValue | undefined): number => Number(value ?? 0);

/** Epoch milliseconds of an ISO time; null for none. */
export function time(value: SqlValue | undefined): number | null {
	const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
	return Number.isNaN(at) ? null : at;
}

/** JSON text that may be of any shape: what is none of the wanted counts as empty. */
export function list(value: SqlValue | undefined): string[] {
	if (value === "[]" || value === undefined) return [];
	try {
		const parsed: unknown = JSON.parse(words(value));
		return Array.isArray(parsed) ? parsed.map(String) : [];
	} catch {
		return [];
	}
}
export function record(value: SqlValue | undefined): Record<string, unknown> {
	if (value === "{}" || value === undefined) return {};
	try {
		const parsed: unknown = JSON.parse(words(value));
		return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
			? (parsed as Record<string, unknown>)
			: {};
	} catch {
		return {};
	}
}

/**
 * Rows of many columns, each read as one value: what crosses from SQLite costs by the value, and of thousands of rows that is
 * most of a look. `rest` is the query from its FROM on.
 */
export const readLists = (
	sql: Sql,
	columns: string,
	rest: string,
	...bindings: SqlValue[]
): (string | number | null)[][] =>
	JSON.parse(
		`[${sql
			.all<{ row: string }>(`SELECT json_array(${columns}) AS row ${rest}`, ...bindings)
			.map(({ row }) => row)
			.join()}]`,
	);
