import { z } from "zod";

/**
 * A place in a change log or a stream (FEED-2): `seq` is the last change seen, `mark` the random value of the batch that
 * ends there, so that a restored past cannot pass for the present. An empty log is at seq 0 with mark "".
 */
export const position = z.object({ epoch: z.string(), seq: z.int().nonnegative(), mark: z.string() });
export type Position = z.infer<typeof position>;

/** Why a reader gets a whole state, never a part, instead of what follows its cursor (FEED-2). */
export const RESET_REASONS = ["first", "epoch", "mark", "ahead", "horizon"] as const;
export type ResetReason = (typeof RESET_REASONS)[number];
