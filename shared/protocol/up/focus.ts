import { z } from "zod";

/** What somebody is about to do: the sheet that stands open, in the words of its button (`Reset Toast`). */
export const intention = z.object({
	name: z.string().max(64),
	target: z.string().max(200),
	label: z.string().max(200),
});
export type Intention = z.infer<typeof intention>;

/** What this viewer looks at, e.g. `agent:…`, and what it is about to do, so that others see it (SESSION-7). */
export const focus = z.object({
	t: z.literal("focus"),
	id: z.string().max(64),
	on: z.string().max(200).nullable(),
	intention: intention.nullable().default(null),
});
