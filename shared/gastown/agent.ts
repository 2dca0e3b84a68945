import { z } from "zod";
import {
	integer,
	integerOrNull,
	json,
	type Row,
	real,
	realOrNull,
	table,
	text,
	textOrNull,
} from "./table.ts";

/** `triage` is temporary: it comes with a batch of triage requests and goes with it (domain.md §2.9). */
export const AGENT_ROLES = ["polecat", "refinery", "mayor", "triage"] as const;
export const AGENT_STATUSES = ["idle", "working", "waiting", "stalled", "dead"] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** How the agent's last process ended. `code` null with a signal; both null where nobody saw the exit. */
export const agentExit = z.object({
	at: z.string(),
	code: z.number().nullable(),
	signal: z.string().nullable(),
	reason: z.string(),
	/** `completed`, `failed`, `stopped`, `evicted`, as the container told it; open. Null where nobody said. */
	status: z.string().nullable().default(null),
	/** The bead it was hooked to when it ended. */
	bead_id: z.string().nullable(),
});
export type AgentExit = z.infer<typeof agentExit>;

export const agents = table(
	"agent_metadata",
	"state",
	["bead_id"],
	{
		bead_id: text(),
		role: text(),
		identity: text(),
		container_process_id: textOrNull(),
		status: text({ default: "'idle'" }),
		/** Since when it is in its status; Gastown never kept it. Null for agents from before this column. */
		status_since: textOrNull(),
		current_hook_bead_id: textOrNull(),
		dispatch_attempts: integer({ default: "0" }),
		checkpoint: json(z.unknown()),
		/** Copied from `agent_pulse` once a minute or with a real change (FEED-9). */
		last_activity_at: textOrNull(),
		agent_status_message: textOrNull(),
		agent_status_updated_at: textOrNull(),
		last_event_type: textOrNull(),
		last_event_at: textOrNull(),
		active_tools: json(z.array(z.string()), { default: "'[]'" }),
		stalled_at: textOrNull(),
		/** The attempt that the agent is working on, so that events and usage need no clocks (STREAM-4). */
		current_attempt_id: textOrNull(),
		last_exit: json(agentExit.nullable()),
	},
	["current_hook_bead_id", "unique identity"],
);
export type Agent = Row<typeof agents>;

/** `idle` → `working`… with what caused it; Gastown never journaled it (domain.md §1.3). */
export const agentStatusLog = table(
	"agent_status_log",
	"journal",
	["id"],
	{
		id: integer(),
		agent_id: text(),
		from_status: textOrNull(),
		to_status: text(),
		at: text(),
		cause: textOrNull(),
	},
	["agent_id, id"],
);
export type AgentStatusLog = Row<typeof agentStatusLog>;

export const agentNudges = table(
	"agent_nudges",
	"state",
	["nudge_id"],
	{
		nudge_id: text(),
		agent_bead_id: text(),
		message: text(),
		mode: text(),
		priority: text(),
		source: text(),
		created_at: text(),
		delivered_at: textOrNull(),
		expires_at: textOrNull(),
		/** `queued`, `delivered`, `expired`, `failed`: Gastown cannot tell expired from delivered (domain.md §1.3). */
		status: text({ default: "'queued'" }),
		/** Why it was not delivered. */
		error: textOrNull(),
	},
	["agent_bead_id, status", "agent_bead_id, created_at"],
);

/** What AgentDO folds out of an agent's stream as it comes, though nobody follows it (STREAM-6). */
export const agentSignals = table("agent_signals", "state", ["agent_id"], {
	agent_id: text(),
	/** `{at, name, message, status}` of the last `session.error` that was no abort; null once a later step completed. */
	last_error: json(
		z
			.object({
				at: z.number(),
				name: z.string(),
				message: z.string(),
				status: z.number().nullable(),
				count: z.number(),
			})
			.nullable(),
	),
	/**
	 * What the agent repeats, `count` times: the same call with no other between (`kind` equal), the same sequence of calls
	 * (cycle), or edits of the file `input` that undo each other (edits). Null while it repeats nothing.
	 */
	equal_calls: json(
		z
			.object({
				kind: z.string(),
				tool: z.string(),
				input: z.string(),
				count: z.number(),
				since: z.number(),
			})
			.nullable(),
	),
	/** A permission or question nobody has answered: `{id, permission, patterns, since}`. */
	pending_permission: json(
		z
			.object({ id: z.string(), permission: z.string(), patterns: z.array(z.string()), since: z.number() })
			.nullable(),
	),
	/** `{attempt, message, next}` while the model is retried, `next` in epoch milliseconds. */
	retry: json(z.object({ attempt: z.number(), message: z.string(), next: z.number().nullable() }).nullable()),
	/** Epoch milliseconds since the agent waits for the network. */
	offline_since: integerOrNull(),
	/** Epoch milliseconds since a turn is under way in its session; null between turns and without a session. */
	turn_since: integerOrNull(),
	/** Epoch milliseconds of the last finished model step. */
	last_step_at: integerOrNull(),
	steps: integer({ default: "0" }),
	/** Position in the agent's stream up to which the signals hold. */
	stream_seq: integer({ default: "0" }),
});
export type AgentSignals = Row<typeof agentSignals>;

/** What the container told of an agent's newest session; written when that changes, not with each heartbeat (FEED-9). */
export const agentSessions = table("agent_sessions", "state", ["agent_id"], {
	agent_id: text(),
	attempt_id: textOrNull(),
	session_id: textOrNull(),
	pid: integerOrNull(),
	/** The container's own word: `starting`, `running`, `stopping`, `exited`, `failed`; open. */
	status: textOrNull(),
	model: textOrNull(),
	/** First 8 hex digits of the SHA-256 of the system prompt that it has. */
	prompt_hash: textOrNull(),
	at: text(),
});
export type AgentSessionRow = Row<typeof agentSessions>;

/** Absolute totals per attempt and model (STREAM-4); cost in US dollars, an estimate, never a bill. */
export const usage = table(
	"usage",
	"state",
	["attempt_id", "model"],
	{
		attempt_id: text(),
		model: text(),
		agent_id: text(),
		bead_id: textOrNull(),
		input_tokens: integer(),
		output_tokens: integer(),
		reasoning_tokens: integer(),
		cache_read_tokens: integer(),
		cache_write_tokens: integer(),
		cost: real(),
		stream_seq: integer(),
		at: text(),
	},
	["agent_id", "bead_id"],
);
export type Usage = Row<typeof usage>;

/** What was used in each hour, by agent and model: hours older than the horizon are let go, so it stays small. */
export const usageHours = table("usage_hours", "state", ["hour", "agent_id", "model"], {
	/** ISO time of its beginning. */
	hour: text(),
	agent_id: text(),
	model: text(),
	input_tokens: integer(),
	output_tokens: integer(),
	reasoning_tokens: integer(),
	cache_read_tokens: integer(),
	cache_write_tokens: integer(),
	cost: real(),
});
export type UsageHour = Row<typeof usageHours>;

/** Live only, never captured (FEED-9): the newest heartbeat and sample of an agent's process. */
export type AgentPulse = {
	agent_id: string;
	/** Of the process that beats; null where the container does not say. */
	attempt_id: string | null;
	uptime_s: number | null;
	/** Town's clock, epoch milliseconds, when the heartbeat came in. */
	heartbeat_at: number;
	last_event_type: string | null;
	last_event_at: number | null;
	active_tools: string[];
	pid: number | null;
	cpu: number | null;
	memory_mb: number | null;
};

export const agentPulse = table("agent_pulse", "state", ["agent_id"], {
	agent_id: text(),
	attempt_id: textOrNull(),
	uptime_s: integerOrNull(),
	heartbeat_at: integer(),
	last_event_type: textOrNull(),
	last_event_at: integerOrNull(),
	active_tools: json(z.array(z.string()), { default: "'[]'" }),
	pid: integerOrNull(),
	cpu: realOrNull(),
	memory_mb: realOrNull(),
	copied_at: integer({ default: "0" }),
});
