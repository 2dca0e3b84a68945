import { z } from "zod";

/** Asks for the hidden text of an agent's conversation (SEC-4). It is recorded; then the agent is followed anew. */
export const reveal = z.object({
	t: z.literal("reveal"),
	id: z.string().max(64),
	agent: z.string().max(200),
});
