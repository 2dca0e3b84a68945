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
			attempt_id: z.string().nullable(),
			uptime_s: z.number().nullable(),
		}),
	),
	/** `log`: the newest lines of the container's log, redacted. */
	container: z
		.object({
			cpu: z.number().nullable(),
			memory_mb: z.number().nullable(),
			memory_limit_mb: z.number().nullable(),
			log: z.array(z.string()),
			processes: z.array(
				z.object({
					pid: z.number(),
					role: z.string(),
					name: z.string(),
					agent_id: z.string().nullable(),
					cpu: z.number().nullable(),
					memory_mb: z.number().nullable(),
					uptime_s: z.number(),
				}),
			),
			/** Reports that wait on the container's disk, and the age of the oldest in seconds. */
			spool: z.object({ waiting: z.number(), bytes: z.number(), oldest_s: z.number() }).nullable(),
			/** Fingerprints of the tokens that it holds, by rig id. */
			fingerprints: z.record(z.string(), z.string()),
		})
		.nullable(),
	/** When the scheduler last looked, and when it looks next; null before its first look. */
	scheduler: z.object({ last_at: z.number(), next_at: z.number().nullable() }).nullable(),
});
export type Pulse = z.infer<typeof pulse>;
