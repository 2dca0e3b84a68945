import type { Row, TOWN_TABLES, TownEntity } from "../gastown/index.ts";
import type { Position } from "../protocol/index.ts";

export type RowsOf<E extends TownEntity> = Map<string, Row<(typeof TOWN_TABLES)[E]>>;

/**
 * The state of a town at a moment: rows by entity and key, as `fold` builds them from state chunks and batches.
 * Journal tables hold only rows that arrived as changes since the state was read, newest last, bounded.
 */
export type TownView = {
	/** Null until a whole state was read. */
	position: Position | null;
	/** Town's clock of the newest batch, epoch milliseconds. */
	changedAt: number | null;
	tables: { [E in TownEntity]: RowsOf<E> };
	/** Bumped for each entity that a batch touched, so that selectors know what to recompute. */
	versions: { [E in TownEntity]: number };
	/** `entity/key` → where that row last changed, for rows that changed since the state was read. */
	touched: Map<string, { seq: number; at: number }>;
};
