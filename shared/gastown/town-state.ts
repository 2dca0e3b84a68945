import { z } from "zod";

/** A container of this status runs no process: asking it for anything would only wake and bill it (FEED-9). */
export const isAtRest = (status: string): boolean => ["stopped", "sleeping", "died"].includes(status);

/** `town_state.container`. Times are ISO, memory in MiB. */
const containerState = z.object({
	/** `stopped`, `running`, `draining`, `sleeping`, `died`; open. */
	status: z.string(),
	instance_id: z.string().nullable(),
	since: z.string(),
	/** The last stop that somebody saw. `agents` were working at that moment. */
	last_stop: z
		.object({
			at: z.string(),
			exit_code: z.number().nullable(),
			reason: z.string(),
			oom: z.boolean(),
			memory_mb: z.number().nullable(),
			memory_limit_mb: z.number().nullable(),
			agents: z.array(z.string()),
			event_id: z.number(),
		})
		.nullable(),
	restarts_in_window: z.number(),
	window_started_at: z.string().nullable(),
	/** Health checks in a row that got no answer, since when, and what the last one met. */
	health: z.object({ failures: z.number(), since: z.string(), error: z.string() }).nullable().default(null),
	last_restart_at: z.string().nullable().default(null),
	/** Starts that failed since the last good one, with the words of the last. */
	start_failures: z.number().default(0),
	start_error: z.string().nullable().default(null),
	/** Agents that were at work when it began to drain: when it has ended they are not any more. */
	drained: z.array(z.string()).default([]),
	/** After so long without a request its platform puts this instance to sleep, as it was told; null before. */
	sleep_after_ms: z.number().nullable().default(null),
	/** Version of the configuration that the container has. */
	config_version: z.string().nullable().default(null),
	/** Names of the variables in the last environment that a container took; values are never shown (FEED-6). */
	config_names: z.array(z.string()).default([]),
	/**
	 * What broke into work, newest last: `oom` (memory ran out), `died`, `slept`; open. An admin's start or restart begins anew.
	 * `agents` were at work then.
	 */
	setbacks: z
		.array(
			z.object({
				at: z.string(),
				kind: z.string(),
				agents: z.array(z.string()),
				memory_mb: z.number().nullable(),
				memory_limit_mb: z.number().nullable(),
				event_id: z.number(),
				/** `sleep_after_ms` of the instance that slept. */
				sleep_after_ms: z.number().nullable().default(null),
			}),
		)
		.default([]),
});
export type ContainerState = z.infer<typeof containerState>;

/** An effect outside the database that an admin ordered, as it stands. */
const outsideState = z.object({
	/** The intervention. */
	id: z.string(),
	/** `stop-agent`, `kill-agent`, `interrupt-agent`, `set-model`, `set-prompt`, `answer-permission`, `container`, `poll-pr`, `merge-pr`, `link-pr`, `refresh-credential`, `sync-config`; open. */
	kind: z.string().default("stop-agent"),
	/** Null for what is done to the container or at the forge. */
	agent: z.string().nullable(),
	bead: z.string().nullable(),
	since: z.string(),
	/** `pending`, `asked`, `unknown`, `failed`; open. */
	status: z.string(),
	/** Why it could not be done. */
	error: z.string().nullable(),
});
export type OutsideState = z.infer<typeof outsideState>;

/** Something that an admin set and that lasts: what, on what, by whom, until when, and how it is put back (LEDGER-10). */
const inForce = z.object({
	/** The intervention. */
	order: z.string(),
	name: z.string(),
	target: z.string(),
	/** What was set, in words: `Pause dispatch`. */
	label: z.string(),
	by: z.string(),
	since: z.string(),
	/** It ends by itself then; null where it does not. */
	until: z.string().nullable(),
	effects: z.array(
		z.object({
			entity: z.string(),
			key: z.string(),
			is: z.union([z.literal("gone"), z.record(z.string(), z.unknown())]),
			isnt: z.record(z.string(), z.unknown()).optional(),
		}),
	),
	/** Back to what was there before the first admin changed it. */
	undo: z.object({ name: z.string(), params: z.record(z.string(), z.unknown()) }).nullable(),
});
export type InForce = z.infer<typeof inForce>;

/** A git command that failed and that none like it has mended since: the last of its kind for a rig, or for a bead where it pushes or merges. */
const gitFailure = z.object({
	rig_id: z.string(),
	bead_id: z.string().nullable(),
	agent_id: z.string().nullable(),
	/** `clone`, `fetch`, `push`, `merge`; `failed`, `conflict`, `denied`. */
	operation: z.string(),
	outcome: z.string(),
	/** Head of what git said, redacted. */
	stderr: z.string(),
	since: z.string(),
	at: z.string(),
	times: z.number(),
	/** Its row in `git_operations`. */
	id: z.number(),
});
export type GitFailure = z.infer<typeof gitFailure>;

/** Keys of `town_state` and the shape of each value; a value of another shape is shown as it came. */
export const townStateValues = {
	town: z.object({
		id: z.string(),
		name: z.string(),
		owner_type: z.enum(["user", "org"]),
		owner_id: z.string(),
		created_at: z.string(),
	}),
	/** TownConfig, secrets replaced by `"masked"` (domain.md §1.4). */
	config: z.record(z.string(), z.unknown()),
	container: containerState,
	/** Raised with every change of a variable, whose values nothing shows; `container.config_version` is what the container has. */
	environment: z.object({ version: z.int(), changed_at: z.string() }),
	/** `automatic` or `paused_by_user`; who set it, and where that was an admin, by which intervention and until when (LEDGER-10). */
	run_policy: z.object({
		policy: z.string(),
		since: z.string(),
		by: z.string().nullable(),
		order: z.string().nullable().default(null),
		until: z.string().nullable().default(null),
	}),
	billing: z.object({ blocked: z.boolean(), since: z.string().nullable(), reason: z.string().nullable() }),
	drain: z.object({ nonce: z.string(), started_at: z.string() }).nullable(),
	/**
	 * Effects outside the database that admins ordered (LEDGER-2): those that are not over, and the last that came to nothing.
	 * While a stop or kill is awaited its agent and bead are not started.
	 */
	stops: z.object({ awaited: z.array(outsideState), failed: z.array(outsideState).default([]) }),
	/** The circuit breaker while it is open: nothing is started (domain.md §2.5); null while it is closed. */
	circuit: z.object({ since: z.string(), failing_beads: z.number(), message: z.string() }).nullable(),
	/** Since when failed starts count anew for the breaker, by whom and which intervention; null where nobody has reset it. */
	breaker_reset: z.object({ at: z.string(), by: z.string(), order: z.string() }).nullable(),
	/** A look that an admin asked for, and when it came. */
	look_order: z
		.object({ order: z.string(), by: z.string(), at: z.string(), looked_at: z.string().nullable() })
		.nullable(),
	/** What admins have set that lasts (LEDGER-10), oldest first; each holds as long as its effects still show. */
	in_force: z.array(inForce),
	/** What the scheduler did when it last did something (domain.md §2.12); the time of each look is in the pulse only. */
	scheduler: z.object({
		at: z.string(),
		/** Actions of that look by type. */
		actions: z.record(z.string(), z.number()),
		/** Effects outside the database that failed since the town came to be, with the last one's words. */
		failed: z.number(),
		last_error: z.string().nullable(),
		/** Broken rules of consistency, in words (domain.md §2.12). */
		violations: z.array(z.string()),
		/** Events of the inbox that were tried and could not be processed: `town_events` has their age, tries and words. */
		pending: z.number(),
		/** The oldest of them; null where none waits. */
		stuck: z
			.object({
				event: z.string(),
				type: z.string(),
				agent: z.string().nullable(),
				bead: z.string().nullable(),
				since: z.string(),
				error: z.string().nullable(),
			})
			.nullable()
			.default(null),
	}),
	/** What git could not do and has not done since, oldest first; the journal has every command. */
	git_failures: z.array(gitFailure),
	/** Ends by itself at `until` (LEDGER-10). */
	dispatch_pause: z
		.object({
			since: z.string(),
			until: z.string(),
			by: z.string(),
			/** The intervention; null where another version set it. */
			order: z.string().nullable().default(null),
		})
		.nullable(),
	/** The diagnosis as TownDO last told it to the owner's object: the health light of the user page. */
	health: z.object({
		light: z.string(),
		reason: z.string(),
		findings: z.array(
			z.object({ code: z.string(), subject: z.string(), severity: z.string(), since: z.number() }),
		),
		at: z.string(),
	}),
} as const;
export type TownStateKey = keyof typeof townStateValues;
export type TownStateValue<K extends TownStateKey> = z.infer<(typeof townStateValues)[K]>;
