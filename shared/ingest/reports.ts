import { z } from "zod";

/**
 * What a town's container reports over HTTP, checked in full (SEC-5). Times are epoch milliseconds of the container,
 * memory is MiB, cpu is per cent of one core. Unknown fields are refused: a typing error must not lose a figure silently.
 */
const id = z.string().min(1).max(200);
const words = z.string().max(2_000);
/** Before the year 2100: microseconds or seconds of another epoch are a mistake, and no date could be made of more. */
const when = z.number().int().nonnegative().max(4_102_444_800_000);
/** The container's own name of a report, so that a repeat of one whose answer was lost changes nothing (TOWN-2). */
const key = z.string().min(1).max(200).optional();
const amount = z.number().nonnegative();
const lines = z.array(z.string().max(4_000)).max(200);

/** `POST agent-events`: one batch of an agent's SDK events; `seq` counts this producer's batches from 1 (STREAM-1). */
export const agentEventsReport = z.strictObject({
	agent_id: id,
	producer: z.string().min(1).max(200),
	seq: z.int().positive(),
	attempt_id: id.nullable(),
	bead_id: id.nullable(),
	events: z
		.array(
			z.strictObject({
				at: when,
				id: z.string().max(200).nullable(),
				type: z.string().min(1).max(200),
				properties: z.unknown(),
			}),
		)
		.min(1)
		.max(1_000),
});
export type AgentEventsReport = z.infer<typeof agentEventsReport>;

/**
 * `POST heartbeat`: every agent's newest sign of life, and a sample of the container (domain.md §3.5, FEED-9). It needs no
 * key: the same figures twice are the same figures.
 */
const heartbeatReport = z.strictObject({
	instance_id: id,
	agents: z
		.array(
			z.strictObject({
				agent_id: id,
				attempt_id: id.nullable().default(null),
				/** Seconds. */
				uptime_s: z.int().nonnegative().nullable().default(null),
				last_event_type: z.string().max(200).nullable(),
				last_event_at: when.nullable(),
				active_tools: z.array(z.string().max(200)).max(50),
				/** A turn of its session is under way, or a message waits for one. Null: not told. */
				in_turn: z.boolean().nullable().default(null),
				pid: z.int().nullable(),
				cpu: amount.nullable(),
				memory_mb: amount.nullable(),
				/** `starting`, `running`, `stopping`, `exited`, `failed`. */
				status: z.string().max(60).nullable().default(null),
				session_id: z.string().max(200).nullable().default(null),
				/** What its session runs on, and the hash of the system prompt that it has. */
				model: z.string().max(200).nullable().default(null),
				prompt_hash: z.string().max(64).nullable().default(null),
			}),
		)
		.max(200),
	container: z
		.strictObject({
			cpu: amount.nullable(),
			memory_mb: amount.nullable(),
			memory_limit_mb: amount.nullable(),
		})
		.nullable(),
	/** Every process of the container, sampled every 10 s; `agent_id` where it is an agent's. */
	processes: z
		.array(
			z.strictObject({
				pid: z.int().positive(),
				/** `control-server`, `polecat`, `refinery`, `mayor`, `tool`… */
				role: z.string().max(60),
				name: z.string().max(200),
				agent_id: id.nullable(),
				cpu: amount.nullable(),
				memory_mb: amount.nullable(),
				uptime_s: amount,
			}),
		)
		.max(500)
		.default([]),
	/** Reports that wait on its disk for the worker, and the age of the oldest. */
	spool: z
		.strictObject({ waiting: z.int().nonnegative(), bytes: z.int().nonnegative(), oldest_s: amount })
		.nullable()
		.default(null),
	/** Fingerprints of the tokens that the container holds, by rig id; `container` and `kilo` for those. */
	fingerprints: z.record(z.string(), z.string().max(32)).default({}),
	config_version: z.string().max(100).nullable().default(null),
});
export type HeartbeatReport = z.infer<typeof heartbeatReport>;

/** `POST log`: the newest lines of the container's log. */
const logReport = z.strictObject({ key, lines: lines.min(1) });
export type LogReport = z.infer<typeof logReport>;

/** `POST container-events`: something happened to an instance of the container. */
const containerReport = z.strictObject({
	type: z.enum(["start", "stop", "error", "sleep", "wake", "health", "eviction"]),
	key,
	instance_id: id.nullable().default(null),
	exit_code: z.int().nullable().default(null),
	reason: words.nullable().default(null),
	oom: z.boolean().default(false),
	memory_mb: amount.nullable().default(null),
	memory_limit_mb: amount.nullable().default(null),
	/** Last lines before it, oldest first; without them the newest that `log` told. */
	log: lines.optional(),
	detail: z.record(z.string(), z.unknown()).default({}),
});
export type ContainerReport = z.infer<typeof containerReport>;

/** `POST git-operations`: one git command that ended. */
const gitReport = z.strictObject({
	key,
	operation: z.enum(["clone", "fetch", "push", "merge"]),
	rig_id: id.nullable().default(null),
	agent_id: id.nullable().default(null),
	bead_id: id.nullable().default(null),
	command: words,
	outcome: z.enum(["ok", "failed", "conflict", "denied"]),
	exit_code: z.int().nullable().default(null),
	stderr: z.string().max(65_536).nullable().default(null),
	duration_ms: z.int().nonnegative(),
});
export type GitReport = z.infer<typeof gitReport>;

/** `POST credential-events`: a credential was resolved, verified or pushed to the processes. Never the credential itself. */
const credentialReport = z.strictObject({
	key,
	/** Null for those of the whole town. */
	rig_id: id.nullable().default(null),
	credential: z.enum(["git", "kilo", "container"]),
	type: z.enum(["resolve", "verify", "push"]),
	outcome: z.enum(["ok", "failed", "revoked", "unauthorized"]),
	/** Where it comes from, e.g. `integration:…` or `manual`. */
	source: z.string().max(200).nullable().default(null),
	status: z.int().nullable().default(null),
	message: words.nullable().default(null),
	/** ISO time. */
	expires_at: z.iso.datetime().nullable().default(null),
	/** A digest, at most a few characters of it: never the value. */
	fingerprint: z.string().max(32).nullable().default(null),
});
export type CredentialReport = z.infer<typeof credentialReport>;

/** `POST completions`: an agent's process ended. `failed` is a crash or an error; `evicted` a container that went away. */
const completionReport = z.strictObject({
	key,
	agent_id: id,
	/** The attempt it ran for: an exit of an older one leaves the newer alone. */
	attempt_id: id.nullable().default(null),
	status: z.enum(["completed", "failed", "stopped", "evicted"]),
	exit_code: z.int().nullable().default(null),
	signal: z.string().max(40).nullable().default(null),
	reason: words.default(""),
});
export type CompletionReport = z.infer<typeof completionReport>;

/** Reports that a town takes itself, by the last part of their path; `agent-events` go to the agent's stream. */
export const REPORTS = {
	heartbeat: heartbeatReport,
	log: logReport,
	"container-events": containerReport,
	"git-operations": gitReport,
	"credential-events": credentialReport,
	completions: completionReport,
} as const;
export type ReportKind = keyof typeof REPORTS;
export type Reports = { [K in ReportKind]: z.output<(typeof REPORTS)[K]> };
/** A report as the container writes it. */
export type ReportInput<K extends ReportKind> = z.input<(typeof REPORTS)[K]>;

export const isReportKind = (name: string): name is ReportKind => Object.hasOwn(REPORTS, name);
