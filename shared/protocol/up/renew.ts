import { z } from "zod";

/** A fresh ticket of the same admin and town, so that an open socket outlives the identity it was opened with. */
export const renew = z.object({
	t: z.literal("renew"),
	id: z.string().max(64),
	ticket: z.string().max(4_096),
});
