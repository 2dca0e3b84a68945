import { z } from "zod";
import { integer, integerOrNull, json, type Row, table, text, textOrNull } from "./table.ts";

/** Values that Gastown writes today. Columns stay plain text: an unknown value renders as it is (domain.md §1.1). */
export const BEAD_TYPES = [
	"issue",
	"message",
	"escalation",
	"merge_request",
	"convoy",
	"molecule",
	"agent",
] as const;
export const BEAD_STATUSES = ["open", "in_progress", "in_review", "closed", "failed"] as const;
export const BEAD_PRIORITIES = ["low", "medium", "high", "critical"] as const;
export type BeadStatus = (typeof BEAD_STATUSES)[number];
export type BeadPriority = (typeof BEAD_PRIORITIES)[number];

const BEAD_EVENT_TYPES = [
	"created", "assigned", "hooked", "unhooked", "status_changed", "closed", "escalated", "notification_failed",
	"mail_sent", "review_submitted", "review_completed", "agent_spawned", "agent_exited", "pr_created",
	"pr_creation_failed", "agent_status", "triage_resolved", "fields_updated", "review_queue_depth_alert",
	"escalation_rate_spike", "agent_restart_loop", "rework_requested", "babysit_started",
] as const; // biome-ignore format: a list
export type BeadEventType = (typeof BEAD_EVENT_TYPES)[number];

/** Why a bead failed: `metadata.failure_reason` of its `status_changed` event and `metadata.failure_reason` of the bead. */
export const failureReason = z.object({
	code: z.string(),
	message: z.string(),
	details: z.string().optional(),
	source: z.string(),
});
export type FailureReason = z.infer<typeof failureReason>;

const metadata = z.record(z.string(), z.unknown());

export const beads = table(
	"beads",
	"state",
	["bead_id"],
	{
		bead_id: text(),
		type: text(),
		status: text({ default: "'open'" }),
		title: text(),
		body: textOrNull(),
		rig_id: textOrNull(),
		parent_bead_id: textOrNull(),
		assignee_agent_bead_id: textOrNull(),
		priority: text({ default: "'medium'" }),
		labels: json(z.array(z.string()), { default: "'[]'" }),
		metadata: json(metadata, { default: "'{}'" }),
		dispatch_attempts: integer({ default: "0" }),
		last_dispatch_attempt_at: textOrNull(),
		/** Text of the last failed dispatch; Gastown never kept it (domain.md §2.5). */
		last_dispatch_error: textOrNull(),
		/** The intervention that asked for its next start; that start takes it (LEDGER-2). */
		dispatch_order: textOrNull(),
		created_by: textOrNull(),
		created_at: text(),
		updated_at: text(),
		closed_at: textOrNull(),
		/** Since when it is in its status; Gastown never kept it. Null for beads from before this column. */
		status_since: textOrNull(),
	},
	["type, status", "parent_bead_id", "rig_id, status", "assignee_agent_bead_id", "last_dispatch_attempt_at"],
);
export type Bead = Row<typeof beads>;

export const beadEvents = table(
	"bead_events",
	"journal",
	["bead_event_id"],
	{
		bead_event_id: text(),
		bead_id: text(),
		agent_id: textOrNull(),
		event_type: text(),
		old_value: textOrNull(),
		new_value: textOrNull(),
		metadata: json(metadata, { default: "'{}'" }),
		created_at: text(),
	},
	["bead_id, created_at", "created_at", "event_type"],
);
export type BeadEvent = Row<typeof beadEvents>;

/** `blocks`: dependent → blocker. `tracks`: tracked bead → convoy, merge request → source bead. */
export const DEPENDENCY_TYPES = ["blocks", "tracks", "parent-child"] as const;
export const beadDependencies = table(
	"bead_dependencies",
	"state",
	["bead_id", "depends_on_bead_id"],
	{ bead_id: text(), depends_on_bead_id: text(), dependency_type: text() },
	["depends_on_bead_id"],
);
export type BeadDependency = Row<typeof beadDependencies>;

/** A branch against its target at the forge: GitHub's comparison, and the checks of its head. */
export const forgeChange = z.object({
	at: z.string(),
	/** Commit at the head of the branch. */
	head: z.string(),
	ahead: z.number(),
	behind: z.number(),
	/** All files that differ, and the first of them by name. */
	total: z.number(),
	files: z.array(z.object({ path: z.string(), additions: z.number(), deletions: z.number() })),
	/** Head of the diff, redacted. */
	patch: z.string(),
	/** Check runs of the head; null where they could not be read. */
	checks: z.object({ total: z.number(), pending: z.number(), failed: z.array(z.string()) }).nullable(),
});
export type ForgeChange = z.infer<typeof forgeChange>;

export const reviewMetadata = table("review_metadata", "state", ["bead_id"], {
	bead_id: text(),
	branch: text(),
	target_branch: text({ default: "'main'" }),
	merge_commit: textOrNull(),
	pr_url: textOrNull(),
	retry_count: integer({ default: "0" }),
	auto_merge_ready_since: textOrNull(),
	last_feedback_check_at: textOrNull(),
	/** `open`, `merged`, `closed` at the forge as last asked; open. Null where there is no PR. */
	pr_state: textOrNull(),
	/** `clean`, `blocked`, `has_hooks`, `dirty`, `unknown` (domain.md §2.7). */
	mergeable_state: textOrNull(),
	last_poll_at: textOrNull(),
	/** When the forge last answered. */
	polled_ok_at: textOrNull(),
	/** Polls that failed in a row, with the kind and words of the last: `no_token`, `http_404`… */
	poll_failures: integer({ default: "0" }),
	poll_error_kind: textOrNull(),
	poll_error: textOrNull(),
	/** Files of the last conflict. */
	conflict_files: json(z.array(z.string()), { default: "'[]'" }),
	/** Its place where a person gave it one (`byQueue`); null where it stands by priority and age. */
	queue_at: integerOrNull(),
	/** What it would bring to its target, as the forge last said; null before anybody asked. */
	change: json(forgeChange.nullable()),
	/** The newest pull request of its branch, looked for where its own address leads nowhere; `url` null where there is none. */
	branch_pr: json(z.object({ at: z.string(), url: z.string().nullable() }).nullable()),
});
export type ReviewMetadata = Row<typeof reviewMetadata>;

export const escalationMetadata = table("escalation_metadata", "state", ["bead_id"], {
	bead_id: text(),
	severity: text(),
	category: textOrNull(),
	acknowledged: integer({ default: "0" }),
	re_escalation_count: integer({ default: "0" }),
	/** When it was last raised again; null for one that was not. */
	raised_at: textOrNull(),
	acknowledged_at: textOrNull(),
});

export type EscalationMetadata = Row<typeof escalationMetadata>;

export const convoyMetadata = table("convoy_metadata", "state", ["bead_id"], {
	bead_id: text(),
	total_beads: integer({ default: "0" }),
	closed_beads: integer({ default: "0" }),
	landed_at: textOrNull(),
	feature_branch: textOrNull(),
	merge_mode: textOrNull(),
	staged: integer({ default: "0" }),
	/** 1 when every member is merged into the feature branch and the convoy waits to be landed. */
	ready_to_land: integer({ default: "0" }),
	landing_attempts: integer({ default: "0" }),
	last_landing_attempt_at: textOrNull(),
	last_landing_error: textOrNull(),
});
export type ConvoyMetadata = Row<typeof convoyMetadata>;

/** One start of an agent for a bead, as asked of the container (Gastown kept none of it, domain.md §2.5). */
export const dispatchAttempts = table(
	"dispatch_attempts",
	"journal",
	["attempt_id"],
	{
		attempt_id: text(),
		bead_id: text(),
		agent_id: text(),
		/** 1, 2, 3… for this bead since its counter was last cleared. */
		n: integer(),
		at: text(),
		/** `starting`, `started`, `failed`, `refused`. */
		outcome: text(),
		/** The intervention that asked for this start; it goes with it to the container's log. */
		order_id: textOrNull(),
		/** HTTP status and body of the container's answer, redacted. */
		container_response: textOrNull(),
		error: textOrNull(),
		ended_at: textOrNull(),
		exit_code: integerOrNull(),
		/** Name of the signal that ended its process. */
		signal: textOrNull(),
		/** How it ended in words: `completed`, `stopped by the town`, `container eviction`… */
		end_reason: textOrNull(),
	},
	["bead_id, at", "agent_id, at"],
);
export type DispatchAttempt = Row<typeof dispatchAttempts>;
