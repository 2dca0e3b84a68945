import { TOWN_TABLES, type TownEntity } from "../gastown/index.ts";
import { wireKey } from "./key.ts";

export type ParsedRow = { row: Record<string, unknown>; odd: boolean };

/**
 * A row as the rest of the page may read it. One that fits its description is taken as it came, unknown columns and
 * values included. Of one that does not, each column that fails gets a neutral value of its type, so that no list
 * breaks on it; the caller keeps what came (domain.md §8 item 17).
 */
export function parseRow(entity: TownEntity, key: string, came: unknown): ParsedRow {
	const table = TOWN_TABLES[entity];
	if (table.row.safeParse(came).success) return { row: came as Record<string, unknown>, odd: false };
	const given = typeof came === "object" && came !== null && !Array.isArray(came) ? came : {};
	const row: Record<string, unknown> = { ...given };
	for (const [name, column] of Object.entries(table.columns))
		if (!column.json && !column.schema.safeParse(row[name]).success) row[name] = neutral(column, row[name]);
	const keys: unknown = table.key.length === 1 ? [key] : parsedKey(wireKey(entity, key));
	for (const [i, name] of table.key.entries())
		if (Array.isArray(keys) && (row[name] === "" || row[name] === undefined)) row[name] = keys[i];
	return { row, odd: true };
}

function neutral(column: { sql: string; notNull: boolean }, value: unknown): string | number | null {
	if (value !== undefined && value !== null && column.sql === "TEXT")
		return typeof value === "object" ? JSON.stringify(value) : String(value);
	if (!column.notNull) return null;
	return column.sql === "TEXT" ? "" : 0;
}

function parsedKey(key: string): unknown {
	try {
		return JSON.parse(key);
	} catch {
		return [key];
	}
}
