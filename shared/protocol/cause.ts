import { z } from "zod";

/** Who or what a batch of changes goes back to (FEED-5). `id` is an intervention, a request or an event; `by` a person or agent. */
export const cause = z.object({
	/** `intervention`, `agent`, `user`, `container`, `scheduler`, `system`; open, renders as it is. */
	kind: z.string(),
	/** In words, e.g. `agent.reset`, `heartbeat`, `createBead`. */
	what: z.string(),
	id: z.string().nullable(),
	by: z.string().nullable(),
});
export type Cause = z.infer<typeof cause>;
