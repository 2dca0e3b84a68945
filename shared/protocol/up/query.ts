import { z } from "zod";

const limit = z.int().min(1).max(500).default(100);

/** What a page may ask to read; each gives newest first, with `more` telling whether older ones exist. */
export const question = z.discriminatedUnion("kind", [
	/** Rows of a journal table, where the columns have these values. `before` is the key of the oldest row already had. */
	z.object({
		kind: z.literal("journal"),
		entity: z.string().max(64),
		where: z.record(z.string(), z.string().nullable()).default({}),
		before: z.string().max(400).nullable().default(null),
		limit,
	}),
	/** The change log below `before` (a seq), as batches. */
	z.object({ kind: z.literal("changes"), before: z.int().nullable().default(null), limit }),
	/** Ledger rows below `before` (an n). */
	z.object({ kind: z.literal("ledger"), before: z.int().nullable().default(null), limit }),
	/** Stream events of an agent below `before` (a seq), up to `bytes`. */
	z.object({
		kind: z.literal("stream"),
		agent: z.string().max(200),
		before: z.int(),
		bytes: z.int().min(1).max(1_048_576).default(262_144),
	}),
	/**
	 * A passage of what an agent said in one attempt: one row (`Passage`) with whole segments, oldest first. After the seq
	 * `after`, or before the seq `before`, else from the moment `at` on (epoch milliseconds), else from the attempt's beginning. `more`
	 * tells whether there is more in that direction. With `bytes` 0 only what is kept of it is told.
	 */
	z.object({
		kind: z.literal("passage"),
		agent: z.string().max(200),
		attempt: z.string().max(200),
		after: z.int().nullable().default(null),
		before: z.int().nullable().default(null),
		at: z.number().nullable().default(null),
		bytes: z.int().min(0).max(1_048_576).default(262_144),
	}),
	/** A piece of a body that was cut in an agent's stream (STREAM-2). `ref` stands where the body was. */
	z.object({
		kind: z.literal("body"),
		agent: z.string().max(200),
		ref: z.string().max(200),
		piece: z.int().min(0),
	}),
	/**
	 * The state as it was at the end of the batch that holds the seq, or that was the newest at the moment `at` (epoch
	 * milliseconds): one row (`Moment`) with as many of its rows as one answer takes. `after` is that of the page before.
	 */
	z.object({
		kind: z.literal("moment"),
		seq: z.int().nonnegative().nullable().default(null),
		at: z.number().nullable().default(null),
		after: z
			.tuple([z.string().max(64), z.string().max(400)])
			.nullable()
			.default(null),
	}),
	/** What the scheduler would do now, in its order; nothing is changed. Each row is an action: its `type`, `why`, and what it is done to. */
	z.object({ kind: z.literal("plan") }),
	/** The whole text of one column that was cut at 4 KB in the log (FEED-1). */
	z.object({
		kind: z.literal("cell"),
		entity: z.string().max(64),
		key: z.string().max(400),
		column: z.string().max(64),
	}),
]);
export type Question = z.infer<typeof question>;

export const query = z.object({ t: z.literal("query"), id: z.string().max(64), question });
