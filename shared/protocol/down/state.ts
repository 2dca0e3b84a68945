import { z } from "zod";
import { position, RESET_REASONS } from "../position.ts";

/** A chunk of a whole state read in one turn at `position`. A reader shows the new state only after the `last` one. */
export const state = z.object({
	t: z.literal("state"),
	position,
	reason: z.enum(RESET_REASONS),
	part: z.int(),
	last: z.boolean(),
	/** Rows in all chunks together, for progress. */
	total: z.int(),
	/** `[entity, rows]`; an entity may go on in the next chunk. The last field of the text. */
	tables: z.array(z.tuple([z.string(), z.array(z.unknown())])),
});
export type State = z.infer<typeof state>;
