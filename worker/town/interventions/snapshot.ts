import { TOWN_TABLES } from "../../../shared/gastown/index.ts";
import type { CatalogueEntry, Effect } from "../../../shared/interventions/index.ts";
import { columnsOf, isTownEntity } from "../../../shared/town-view/index.ts";
import type { Sql } from "../../live-ops/sql.ts";
import { getRow } from "../rows.ts";

/** `entity/key` → row. */
export type Snapshot = Map<string, Record<string, unknown>>;
/** `entity/key` → the columns that changed. */
type Values = Record<string, Record<string, unknown>>;

/** The row that shows an entry's target best. */
export function targetRow({ target }: CatalogueEntry, id: string): { entity: string; key: string } {
	if (target === "bead") return { entity: "beads", key: id };
	if (target === "rig") return { entity: "rigs", key: id };
	if (target === "container") return { entity: "town_state", key: "container" };
	return target === "town"
		? { entity: "town_state", key: "dispatch_pause" }
		: { entity: "agent_metadata", key: id };
}

/** The rows that an intervention is about: its target, and those in which its effects are to be seen. */
export function snapshot(
	sql: Sql,
	target: { entity: string; key: string },
	effects: readonly Effect[],
): Snapshot {
	const rows: Snapshot = new Map();
	for (const { entity, key } of [target, ...effects]) {
		if (!isTownEntity(entity) || rows.has(`${entity}/${key}`)) continue;
		const row = getRow(sql, TOWN_TABLES[entity], ...columnsOf(entity, key));
		if (row) rows.set(`${entity}/${key}`, row);
	}
	return rows;
}

/** Their values before and after, of the columns that differ (LEDGER-6). Times of change say nothing. */
export function differences(before: Snapshot, after: Snapshot): { before: Values; after: Values } {
	const changed: { before: Values; after: Values } = { before: {}, after: {} };
	for (const [id, was] of before) {
		const is = after.get(id) ?? {};
		const columns = Object.keys(was).filter(
			(column) => column !== "updated_at" && JSON.stringify(was[column]) !== JSON.stringify(is[column]),
		);
		if (columns.length === 0) continue;
		changed.before[id] = Object.fromEntries(columns.map((column) => [column, was[column]]));
		changed.after[id] = Object.fromEntries(columns.map((column) => [column, is[column] ?? null]));
	}
	return changed;
}
