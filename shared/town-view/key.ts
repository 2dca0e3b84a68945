import { TOWN_TABLES, type TownEntity } from "../gastown/index.ts";

export const isTownEntity = (entity: string): entity is TownEntity => Object.hasOwn(TOWN_TABLES, entity);

/** The wire key of a row: the value of its key column, or a JSON array of several. */
export function keyOf(entity: TownEntity, row: Record<string, unknown>): string {
	const columns: readonly string[] = TOWN_TABLES[entity].key;
	const [only] = columns;
	return columns.length === 1 && only !== undefined
		? String(row[only])
		: JSON.stringify(columns.map((column) => row[column]));
}

/** The values of a row's key columns, out of its wire key. */
export const columnsOf = (entity: TownEntity, key: string): string[] =>
	TOWN_TABLES[entity].key.length === 1 ? [key] : (JSON.parse(key) as string[]);

/** The same text for the same composite key, however the sender spaced it. */
export function wireKey(entity: TownEntity, key: string): string {
	if (TOWN_TABLES[entity].key.length === 1) return key;
	try {
		return JSON.stringify(JSON.parse(key));
	} catch {
		return key;
	}
}

/** Key of a row in the maps that span entities. */
export const rowId = (entity: string, key: string): string => `${entity}/${key}`;
