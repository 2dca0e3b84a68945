import { z } from "zod";

export const unfollow = z.object({
	t: z.literal("unfollow"),
	id: z.string().max(64),
	agent: z.string().max(200),
});
