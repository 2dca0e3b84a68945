import { z } from "zod";

/** What AdminSession hands to TownDO after its intent is in the ledger. */
export const order = z.object({
	id: z.uuid(),
	name: z.string(),
	target: z.string(),
	params: z.record(z.string(), z.unknown()),
	saw: z.record(z.string(), z.unknown()),
	admin: z.string(),
	reason: z.string(),
	/** It was not held for anybody to cancel, so it is refused where by now it is not safe any more (LEDGER-7). */
	safe_only: z.boolean().optional(),
	/** A later step of a remedy: the steps before it, and what the town made of them, have changed what the admin saw (LEDGER-9). */
	goes_on: z.boolean().optional(),
});
export type Order = z.infer<typeof order>;

/**
 * TownDO's word on an order, written in the transaction that applied it (LEDGER-2); a repeat returns the same.
 * `never`: fenced by `settle` before it arrived; a late arrival is refused.
 */
export const receipt = z.object({
	id: z.string(),
	outcome: z.enum(["applied", "refused", "noop", "never"]),
	/** For refused and noop: code and words, e.g. which field changed, from what to what. */
	code: z.string().nullable(),
	message: z.string().nullable(),
	at: z.number(),
	/** Values of the touched fields before and after. */
	before: z.record(z.string(), z.unknown()),
	after: z.record(z.string(), z.unknown()),
	/** Last seq of the batch that applied it; 0 where nothing was. */
	seq: z.int(),
	/** What is to be seen in the feed (data of `Effect`). */
	effects: z.array(
		z.object({
			label: z.string(),
			entity: z.string(),
			key: z.string(),
			is: z.union([z.record(z.string(), z.unknown()), z.literal("gone")]),
			isnt: z.record(z.string(), z.unknown()).optional(),
			outside: z.boolean(),
		}),
	),
	within: z.number(),
	/** How to put it back, as the catalogue said before it was done; null where nothing can. Absent in receipts of older versions. */
	undo: z
		.object({ name: z.string(), params: z.record(z.string(), z.unknown()) })
		.nullable()
		.optional(),
});
export type Receipt = z.infer<typeof receipt>;
