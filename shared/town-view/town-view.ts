import type { Row, TOWN_TABLES, TownEntity } from "../gastown/index.ts";
import type { Position } from "../protocol/index.ts";
import type { TownIndexes } from "./indexes.ts";

export type RowsOf<E extends TownEntity> = Map<string, Row<(typeof TOWN_TABLES)[E]>>;

/**
 * The state of a town at a moment: rows by entity and key, as `fold` builds them from state chunks and batches.
 * Journal tables hold only rows that arrived as changes since the state was read, newest last, bounded.
 * `applyBatch` changes it in place and bumps `versions`; a new state is a new object that counts on from the old versions.
 */
export type TownView = {
	/** Null until a whole state was read. */
	position: Position | null;
	/** Town's clock of the newest batch, epoch milliseconds. */
	changedAt: number | null;
	tables: { [E in TownEntity]: RowsOf<E> };
	/** Rows of entities that this page does not know, kept as they came. */
	others: Map<string, Map<string, unknown>>;
	/** Bumped for each entity that a batch touched, so that selectors know what to recompute. */
	versions: { [E in TownEntity]: number };
	/** `entity/key` → where that row last changed, for rows that changed since the state was read; the newest 5,000. */
	touched: Map<string, { seq: number; at: number }>;
	/** `entity/key` → town's clock when its status was seen to change, since the state was read. */
	statusSince: Map<string, number>;
	/** Rows whose columns are not as described: `entity/key` → what came. The row in `tables` has neutral values there. */
	odd: Map<string, unknown>;
	indexes: TownIndexes;
};
