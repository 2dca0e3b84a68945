import { z } from "zod";

/** `GET /health`. */
export const health = z.object({
	status: z.enum(["ok", "degraded"]),
	instance_id: z.string(),
	/** Agents with a process, and SDK servers that answer. */
	agents: z.number(),
	servers: z.number(),
	/** Seconds. */
	uptime: z.number(),
	draining: z.boolean(),
	/** ISO times. */
	startedAt: z.string(),
	mayorReadyAt: z.string().nullable(),
	/** Reports that the worker has not taken yet. */
	spool: z.object({ waiting: z.number(), bytes: z.number() }),
	config_version: z.string().nullable(),
});
export type Health = z.infer<typeof health>;

/** `GET /agents/:id/status` (domain.md §3.1). */
export const agentStatus = z.object({
	agentId: z.string(),
	attemptId: z.string(),
	status: z.enum(["starting", "running", "stopping", "exited", "failed"]),
	pid: z.number().nullable(),
	serverPort: z.number().nullable(),
	sessionId: z.string().nullable(),
	startedAt: z.string(),
	lastActivityAt: z.string(),
	activeTools: z.array(z.string()),
	messageCount: z.number(),
	model: z.string(),
	promptHash: z.string(),
	exitReason: z.string().nullable(),
});
export type AgentStatusAnswer = z.infer<typeof agentStatus>;
