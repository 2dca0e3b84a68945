import { z } from "zod";
import { position } from "../position.ts";

/** Follow an agent's stream after `cursor`, or, where it is null, from its last `tail_bytes`. Answered with `{position, horizon}`. */
export const follow = z.object({
	t: z.literal("follow"),
	id: z.string().max(64),
	agent: z.string().max(200),
	cursor: position.nullable(),
	tail_bytes: z.int().min(0).max(4_194_304).default(524_288),
});
