import type { ContainerState, DispatchHolds, RigLimits, Thresholds } from "../../../shared/gastown/index.ts";

/** What the scheduler looks at (domain.md §2.12): only what is not over, so that a look does not grow with history. Times are epoch milliseconds. */
export type SchedulerState = {
	now: number;
	thresholds: Thresholds;
	holds: DispatchHolds;
	/** Null before any word of a container. */
	container: (ContainerState & { heard_at: number | null }) | null;
	/** Ends of an admin's pauses of dispatch and container, and since when a drain is not acknowledged. */
	pauseUntil: number | null;
	containerPauseUntil: number | null;
	drainSince: number | null;
	/** Since when the circuit breaker is known to be open; null while it is closed. */
	circuitSince: number | null;
	/** When the container was last given a token; null before the first time. */
	tokenGivenAt: number | null;
	/** Git tokens that the running container says it holds. */
	tokens: TokenNow[];
	/** Null where the town has no Kilo token. */
	kilo: KiloNow | null;
	/** Triage requests are given to an agent; else they wait for a person (`config.triage.agent`). */
	triageAgent: boolean;
	/** Since when nothing is to be done here; null while something is. */
	idleSince: number | null;
	rigs: Map<string, RigNow>;
	agents: Map<string, AgentNow>;
	/** Beads that have not ended, and ended ones that an unfinished bead or convoy still names. Never agents. */
	beads: Map<string, BeadNow>;
	/** Unfinished or ended beads that a bead waits for (`blocks`), by the bead that waits. */
	blockers: Map<string, string[]>;
	/** Convoy → members (`tracks`). */
	members: Map<string, string[]>;
	reviews: Map<string, ReviewNow>;
	convoys: Map<string, ConvoyNow>;
	escalations: Map<string, EscalationNow>;
	nudges: NudgeNow[];
	/** What waits to be done outside the database. */
	inbox: EventNow[];
	/** Messages to the mayor that nobody has taken yet are `nudges` of its agent. */
	mayor: string | null;
	/** Processes that failed in the last `crash_loop_ms`, by agent, since somebody last decided about it. */
	crashes: Map<string, CrashesNow>;
};

export type RigNow = { id: string; name: string; default_branch: string; limits: RigLimits };

export type AgentNow = {
	id: string;
	name: string;
	role: string;
	rig_id: string | null;
	status: string;
	hook: string | null;
	attempt: string | null;
	/** When its attempt was made, and whether the container has said that it runs. */
	attempt_at: number | null;
	attempt_outcome: string | null;
	process: string | null;
	/** Null where no process of its was ever heard of. */
	heartbeat_at: number | null;
	/** Last event of its stream, else its start. */
	last_event_at: number | null;
	active_tools: string[];
	stalled_at: number | null;
	status_since: number | null;
	dispatch_attempts: number;
	/** Of a mayor's sessions, which count on its own bead. */
	sessions: Pick<BeadNow, "dispatch_attempts" | "last_dispatch_at">;
	/** A stop that an admin or the town ordered is not over. */
	held: boolean;
	/** A question of its waits for an answer. */
	asks: boolean;
};

export type BeadNow = {
	id: string;
	type: string;
	status: string;
	title: string;
	rig_id: string | null;
	priority: string;
	assignee: string | null;
	labels: string[];
	/** `metadata.source_bead_id`, `convoy_id`, `timeout_ms`, `awaiting_approval`…: as stored. */
	metadata: Record<string, unknown>;
	dispatch_attempts: number;
	last_dispatch_at: number | null;
	created_at: number;
	status_since: number;
	held: boolean;
};

export type ReviewNow = {
	bead_id: string;
	source: string | null;
	branch: string;
	target_branch: string;
	pr_url: string | null;
	pr_state: string | null;
	mergeable_state: string | null;
	last_poll_at: number | null;
	poll_failures: number;
	poll_error_kind: string | null;
	auto_merge_ready_since: number | null;
	retry_count: number;
	/** Its place where a person gave it one. */
	queue_at: number | null;
};

export type ConvoyNow = {
	bead_id: string;
	total_beads: number;
	closed_beads: number;
	feature_branch: string | null;
	merge_mode: string;
	staged: boolean;
	ready_to_land: boolean;
	landed_at: number | null;
	landing_attempts: number;
	last_landing_attempt_at: number | null;
};

export type NudgeNow = {
	id: string;
	agent: string;
	mode: string;
	source: string;
	created_at: number;
	expires_at: number | null;
	status: string;
};

/** How often, and at what last. */
export type CrashesNow = { count: number; bead: string };

export type EscalationNow = {
	bead_id: string;
	severity: string;
	/** Status of the bead that it is about; null where it is about none, or that is gone. */
	about: string | null;
	acknowledged: boolean;
	/** How often it was raised again, and when it was last told. */
	raised: number;
	told_at: number;
};

export type EventNow = {
	id: string;
	type: string;
	agent: string | null;
	bead: string | null;
	/** Looks at which it could not be processed. */
	tries: number;
	/** ISO time of its order. */
	since: string;
	error: string | null;
};

/** Fingerprints only: tokens stay where they are kept. */
export type TokenNow = {
	rig_id: string;
	held: string;
	/** Of the token that this town would give now; null where the kept one is not to be used any more. */
	usable: string | null;
	ends_at: number | null;
	/** How long it lives in all; null where that is not known. */
	life_ms: number | null;
};

export type KiloNow = {
	fingerprint: string;
	held: string | null;
	ends_at: number | null;
	/** What was last journaled of it. */
	told: { fingerprint: string | null; message: string | null } | null;
};
