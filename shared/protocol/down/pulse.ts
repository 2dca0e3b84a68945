import { z } from "zod";

/** Newest heartbeats and samples, live only (FEED-9). `at` is the town's clock. */
export const pulse = z.object({
	t: z.literal("pulse"),
	at: z.number(),
	agents: z.array(
		z.object({
			agent_id: z.string(),
			heartbeat_at: z.number(),
			last_event_type: z.string().nullable(),
			last_event_at: z.number().nullable(),
			active_tools: z.array(z.string()),
			pid: z.number().nullable(),
			cpu: z.number().nullable(),
			memory_mb: z.number().nullable(),
		}),
	),
	/** `log`: the newest lines of the container's log, redacted. */
	container: z
		.object({
			cpu: z.number().nullable(),
			memory_mb: z.number().nullable(),
			memory_limit_mb: z.number().nullable(),
			log: z.array(z.string()),
		})
		.nullable(),
});
export type Pulse = z.infer<typeof pulse>;
