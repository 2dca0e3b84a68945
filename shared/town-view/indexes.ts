import type { TownEntity } from "../gastown/index.ts";

/** Columns by which rows are found; `[entity, column]`. A null value stands under the key "". */
const INDEXES = {
	beadsByAssignee: ["beads", "assignee_agent_bead_id"],
	beadsByType: ["beads", "type"],
	agentsByHook: ["agent_metadata", "current_hook_bead_id"],
	dependencies: ["bead_dependencies", "bead_id"],
	dependents: ["bead_dependencies", "depends_on_bead_id"],
	nudgesByAgent: ["agent_nudges", "agent_bead_id"],
	usageByAgent: ["usage", "agent_id"],
	usageByBead: ["usage", "bead_id"],
} as const satisfies Record<string, readonly [TownEntity, string]>;
type IndexName = keyof typeof INDEXES;

/** For each index: value → keys of the rows that hold it. Kept up to date row by row. */
export type TownIndexes = { [N in IndexName]: Map<string, Set<string>> };

export const emptyIndexes = (): TownIndexes =>
	Object.fromEntries(Object.keys(INDEXES).map((name) => [name, new Map()])) as TownIndexes;

/** Moves one row in every index of its entity; `before` or `after` is undefined where there is no row. */
export function reindex(
	indexes: TownIndexes,
	entity: string,
	key: string,
	before: Record<string, unknown> | undefined,
	after: Record<string, unknown> | undefined,
): void {
	for (const name of OF_ENTITY.get(entity) ?? []) {
		const column = INDEXES[name][1];
		const from = before && String(before[column] ?? "");
		const to = after && String(after[column] ?? "");
		if (from === to) continue;
		const index = indexes[name];
		if (from !== undefined) {
			const keys = index.get(from);
			keys?.delete(key);
			if (keys?.size === 0) index.delete(from);
		}
		if (to !== undefined) {
			const keys = index.get(to);
			if (keys) keys.add(key);
			else index.set(to, new Set([key]));
		}
	}
}

const OF_ENTITY = new Map<string, IndexName[]>();
for (const name of Object.keys(INDEXES) as IndexName[]) {
	const entity = INDEXES[name][0];
	OF_ENTITY.set(entity, [...(OF_ENTITY.get(entity) ?? []), name]);
}
