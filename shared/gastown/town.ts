import { z } from "zod";
import { integer, integerOrNull, json, type Row, realOrNull, table, text, textOrNull } from "./table.ts";

export const rigs = table(
	"rigs",
	"state",
	["id"],
	{
		id: text(),
		name: text(),
		git_url: text({ default: "''" }),
		default_branch: text({ default: "'main'" }),
		/** RigOverrideConfig without its secrets (domain.md §1.4). */
		config: json(z.record(z.string(), z.unknown()), { default: "'{}'" }),
		platform_integration_id: textOrNull(),
		created_at: text(),
	},
	["unique name"],
);
export type Rig = Row<typeof rigs>;

/** What Gastown keeps in KV, here as a captured table because KV has no triggers (FEED-1). */
export const townState = table("town_state", "state", ["key"], {
	key: text(),
	value: json(z.unknown()),
	updated_at: text(),
});

/** `start`, `stop`, `error`, `sleep`, `wake`, `health`, `eviction` of one container instance. */
export const containerEvents = table(
	"container_events",
	"journal",
	["id"],
	{
		id: integer(),
		type: text(),
		at: text(),
		instance_id: textOrNull(),
		exit_code: integerOrNull(),
		reason: textOrNull(),
		memory_mb: realOrNull(),
		memory_limit_mb: realOrNull(),
		/** The last lines of its log before the event, redacted, oldest first. */
		log: json(z.array(z.string()), { default: "'[]'" }),
		detail: json(z.record(z.string(), z.unknown()), { default: "'{}'" }),
	},
	["at"],
);
export type ContainerEvent = Row<typeof containerEvents>;

export const gitOperations = table(
	"git_operations",
	"journal",
	["id"],
	{
		id: integer(),
		/** `clone`, `fetch`, `push`, `merge`. */
		operation: text(),
		rig_id: textOrNull(),
		agent_id: textOrNull(),
		bead_id: textOrNull(),
		command: text(),
		/** `ok`, `failed`, `conflict`, `denied`. */
		outcome: text(),
		exit_code: integerOrNull(),
		stderr: textOrNull(),
		duration_ms: integer(),
		at: text(),
	},
	["bead_id", "rig_id, at", "agent_id"],
);
export type GitOperation = Row<typeof gitOperations>;

export const credentialEvents = table(
	"credential_events",
	"journal",
	["id"],
	{
		id: integer(),
		rig_id: textOrNull(),
		/** `git`, `kilo`, `container`. */
		credential: text(),
		/** `resolve`, `verify`, `push`. */
		type: text(),
		/** `ok`, `failed`, `revoked`, `unauthorized`. */
		outcome: text(),
		status: integerOrNull(),
		message: textOrNull(),
		expires_at: textOrNull(),
		fingerprint: textOrNull(),
		at: text(),
	},
	["rig_id, at"],
);
export type CredentialEvent = Row<typeof credentialEvents>;

/** What is known of each credential now; `rig_id` is `town` for those of the whole town. */
export const rigCredentials = table("rig_credentials", "state", ["rig_id", "credential"], {
	rig_id: text(),
	credential: text(),
	source: text(),
	fingerprint: textOrNull(),
	expires_at: textOrNull(),
	resolved_at: textOrNull(),
	verified_at: textOrNull(),
	/** Outcome of the newest resolve or verify, with its time and text. */
	last_outcome: textOrNull(),
	last_outcome_at: textOrNull(),
	last_message: textOrNull(),
	/** `resolve` or `verify`, and the status that it was answered with. */
	last_type: textOrNull(),
	last_status: integerOrNull(),
	/** Since when it was found or verified in vain; null while that goes well. */
	failing_since: textOrNull(),
	/** When the newest token was found, by its fingerprint; what the container says that it holds, and since when. */
	fingerprint_at: textOrNull(),
	held_fingerprint: textOrNull(),
	held_at: textOrNull(),
	/** Git operations that failed with 401 or 403 since the last success. */
	failures_since_ok: integer({ default: "0" }),
});
export type RigCredential = Row<typeof rigCredentials>;

/**
 * The scheduler's inbox (domain.md §1.3). What is told changes the rows at once, so that only what is left to be done outside
 * the database waits here: `end_process`, written with the change that took the agent off its work.
 */
export const townEvents = table(
	"town_events",
	"journal",
	["event_id"],
	{
		/** Also the idempotency key of what it asks for. */
		event_id: text(),
		event_type: text(),
		agent_id: textOrNull(),
		bead_id: textOrNull(),
		payload: json(z.record(z.string(), z.unknown()), { default: "'{}'" }),
		created_at: text(),
		processed_at: textOrNull(),
		/** Looks at which it could not be processed, and why the last one failed: Gastown retries in silence for ever. */
		tries: integer({ default: "0" }),
		last_error: textOrNull(),
	},
	["processed_at"],
);
export type TownEvent = Row<typeof townEvents>;
