import { z } from "zod";

/**
 * What the worker asks of a town's container over HTTP (domain.md §3.1). Every request bears `Authorization: Bearer
 * <CONTROL_SECRET>`; each that changes something bears `Idempotency-Key`, and a repeat with the same key gets the first
 * answer and does nothing a second time (LEDGER-2). `X-Correlation-Id` (the intervention's id where there is one) is written
 * to the container's log with what it caused. Failures are `{error: {code, message}}`.
 */
const id = z.string().min(1).max(200);
const prompt = z.string().min(1).max(200_000);

/** How agents are run: built-in light processes, or the real servers. */
export const AGENT_KINDS = ["scripted", "kilo", "opencode"] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

/** A token for git over HTTPS, sent as basic authentication `x-access-token:TOKEN`. */
export const gitToken = z.strictObject({
	rig_id: id,
	token: z.string().min(1).max(4_000),
	/** First 8 hex digits of its SHA-256: what may be shown. */
	fingerprint: z.string().max(32),
	/** ISO time, null where it does not expire. */
	expires_at: z.iso.datetime().nullable(),
});
export type GitToken = z.infer<typeof gitToken>;

/** `POST /agents/start`: 200 `{agent_id, pid, server_port, session_id, prompt_hash}` when its process answers and has its prompt; `Idempotency-Key` is the attempt's id. */
export const startAgent = z.strictObject({
	agent_id: id,
	attempt_id: id,
	/** Null for a mayor's session. */
	bead_id: id.nullable(),
	role: z.enum(["polecat", "refinery", "mayor", "triage"]),
	name: z.string().min(1).max(200),
	/** Null for agents of the whole town, which get an empty folder instead of a worktree. */
	rig: z
		.strictObject({
			id,
			name: z.string().min(1).max(200),
			git_url: z.string().min(1).max(1_000),
			default_branch: z.string().min(1).max(200),
		})
		.nullable(),
	/** Branch of its worktree, made from `base` where it is not there yet. Null: `base` itself, detached. */
	branch: z.string().min(1).max(400).nullable(),
	/** Branch at the forge that the work starts from and is to be merged into. */
	base: z.string().min(1).max(400),
	git_token: gitToken.nullable(),
	kilo_token: z.string().max(4_000).nullable(),
	prompt,
	system_prompt: z.string().max(200_000),
	model: z.string().min(1).max(200),
	env: z.record(z.string(), z.string()).default({}),
});
export type StartAgent = z.infer<typeof startAgent>;

/** `POST /agents/:id/stop`: 200 `{stopped: true}` when it was told to end, 404 `no_process` where there is none of this attempt. */
export const stopAgent = z.strictObject({
	/** Only the process of this attempt; whatever runs where it is null. */
	attempt_id: id.nullable(),
	/** `term`: abort the turn, end the process. `kill`: its whole process group, at once. */
	how: z.enum(["term", "kill"]).default("term"),
	/** For its exit event, e.g. `agent.reset by …`. */
	reason: z.string().max(500).default("stopped by the town"),
});

/** `POST /agents/:id/interrupt`: aborts the turn, keeps the session. 200 `{interrupted}`: false where no turn was under way. */
export const interruptAgent = z.strictObject({ attempt_id: id.nullable() });

/** `POST /agents/:id/message`: a message into its session, taken at once or after the turn under way. */
export const messageAgent = z.strictObject({ prompt });

/** `POST /agents/:id/permissions/:permission`: answers a pending permission; 404 `no_permission` where none is pending. */
export const answerPermission = z.strictObject({
	/** Only of the process of this attempt; of whatever runs where it is null. */
	attempt_id: id.nullable(),
	reply: z.enum(["once", "always", "reject"]),
});

/** `PUT /agents/:id/system-prompt` and `PATCH /agents/:id/model`: from its next turn on. */
export const setSystemPrompt = z.strictObject({
	/** Only of the process of this attempt; of whatever runs where it is null. */
	attempt_id: id.nullable().default(null),
	system_prompt: z.string().max(200_000),
});
export const setModel = z.strictObject({
	attempt_id: id.nullable().default(null),
	model: z.string().min(1).max(200),
});

/** `POST /refresh-token`: new tokens; those left out stay. Answers `{agentsRestarted, agentsFailed, results, fingerprints}`. */
export const refreshToken = z.strictObject({
	container_token: z.string().min(1).max(4_000).optional(),
	git_tokens: z.array(gitToken).max(100).default([]),
	kilo_token: z.string().max(4_000).optional(),
});

/** `POST /sync-config`: environment of agents that are started from now on. */
export const syncConfig = z.strictObject({
	version: z.string().min(1).max(100),
	env: z.record(z.string(), z.string()),
});

/** `POST /repos/setup`: clones or fetches the rig's repository. */
export const setupRepo = z.strictObject({
	rig_id: id,
	git_url: z.string().min(1).max(1_000),
	default_branch: z.string().min(1).max(200),
	git_token: gitToken.nullable(),
});

/** `POST /git/merge`: merges without an agent. Answers `{outcome: "merged" | "conflict" | "failed", commit, files, stderr}`. */
export const mergeBranch = z.strictObject({
	rig_id: id,
	bead_id: id.nullable(),
	branch: z.string().min(1).max(400),
	target_branch: z.string().min(1).max(400),
	message: z.string().min(1).max(2_000),
});
