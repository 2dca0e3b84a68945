import type { Cause } from "./cause.ts";
import type { Position } from "./position.ts";

/** The end of a batch of changes. `at` is the town's clock, epoch milliseconds. */
export type BatchEnd = { seq: number; at: number };

/** A page of a town's state as it was at the end of a batch (FEED-4). */
export type Moment = BatchEnd & {
	position: Position;
	/** What caused the batch. */
	cause: Cause | null;
	/** The batches beside it; null where there is none, or none that is kept. */
	before: BatchEnd | null;
	next: BatchEnd | null;
	/** Changes since. */
	later: number;
	/** The oldest that can be asked for. */
	oldest: BatchEnd;
	/** `[entity, key, row]` in the order of entity and key. */
	rows: [entity: string, key: string, row: unknown][];
	/** Where the next page goes on; null on the last one. */
	after: [entity: string, key: string] | null;
};
