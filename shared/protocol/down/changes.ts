import { z } from "zod";
import { batch } from "../change.ts";

/** Whole batches in order, `batches` being the last field of the text, the same text from TownDO to every viewer (SESSION-4). `sent_at` is the town's clock. */
export const changes = z.object({
	t: z.literal("changes"),
	epoch: z.string(),
	/** First and last seq and the mark of the last batch, before the payload: read by the session without parsing it. */
	from: z.int(),
	to: z.int(),
	mark: z.string(),
	sent_at: z.number(),
	batches: z.array(batch),
});
export type Changes = z.infer<typeof changes>;
