import { z } from "zod";

/** What this viewer looks at, e.g. `agent:…`, so that others see it (SESSION-7). */
export const focus = z.object({
	t: z.literal("focus"),
	id: z.string().max(64),
	on: z.string().max(200).nullable(),
});
