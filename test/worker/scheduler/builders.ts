import { DEFAULT_THRESHOLDS, limitsOf } from "../../../shared/gastown/index.ts";
import type {
	AgentNow, BeadNow, ConvoyNow, EscalationNow, NudgeNow, ReviewNow, SchedulerState, TokenNow,
} from "../../../worker/town/scheduler/state.ts"; // biome-ignore format: a list

export const NOW = Date.parse("2026-11-24T12:00:00Z");
export const MINUTE = 60_000;
export const iso = (ms: number) => new Date(ms).toISOString();

export const bead = (id: string, more: Partial<BeadNow> = {}): BeadNow => ({
	...{
		id,
		type: "issue",
		status: "open",
		title: id,
		rig_id: "r",
		priority: "medium",
		assignee: null,
		labels: [],
		metadata: {},
	},
	...{
		dispatch_attempts: 0,
		last_dispatch_at: null,
		created_at: NOW - MINUTE,
		status_since: NOW,
		held: false,
	},
	...more,
});
export const agent = (id: string, more: Partial<AgentNow> = {}): AgentNow => ({
	...{
		id,
		name: id,
		role: "polecat",
		rig_id: "r",
		status: "idle",
		hook: null,
		attempt: null,
		attempt_at: null,
		attempt_outcome: null,
	},
	...{
		process: null,
		heartbeat_at: null,
		last_event_at: null,
		active_tools: [],
		stalled_at: null,
		status_since: null,
	},
	...{ dispatch_attempts: 0, held: false, asks: false },
	sessions: { dispatch_attempts: 0, last_dispatch_at: null },
	...more,
});
export const working = (id: string, hook: string, more: Partial<AgentNow> = {}): AgentNow =>
	agent(id, {
		...{
			status: "working",
			hook,
			attempt: `${id}-1`,
			attempt_at: NOW - 5 * MINUTE,
			attempt_outcome: "started",
			process: "7",
		},
		...{ heartbeat_at: NOW, last_event_at: NOW, ...more },
	});

export function town(
	beads: BeadNow[],
	agents: AgentNow[],
	more: Partial<SchedulerState> = {},
): SchedulerState {
	return {
		...{
			now: NOW,
			thresholds: DEFAULT_THRESHOLDS,
			pauseUntil: null,
			containerPauseUntil: null,
			drainSince: null,
			circuitSince: null,
			tokenGivenAt: NOW,
			idleSince: null,
		},
		holds: {
			draining: false,
			billingBlocked: false,
			paused: false,
			pausedUntil: null,
			failingBeads: 0,
			circuitBeads: 20,
			circuitWindowMs: 30 * MINUTE,
		},
		container: {
			...{ drained: [], sleep_after_ms: DEFAULT_THRESHOLDS.idle_stop_ms },
			...{
				status: "running",
				instance_id: "i",
				since: iso(NOW - 10 * MINUTE),
				last_stop: null,
				restarts_in_window: 0,
			},
			...{
				window_started_at: null,
				health: null,
				last_restart_at: null,
				start_failures: 0,
				start_error: null,
			},
			...{ config_version: null, heard_at: NOW },
		},
		rigs: new Map([
			[
				"r",
				{ id: "r", name: "shop", default_branch: "main", limits: limitsOf({ max_polecats_per_rig: 2 }, {}) },
			],
		]),
		beads: new Map(beads.map((one) => [one.id, one])),
		agents: new Map(agents.map((one) => [one.id, one])),
		...{
			blockers: new Map(),
			members: new Map(),
			reviews: new Map(),
			convoys: new Map(),
			nudges: [],
			mayor: null,
			crashes: new Map(),
		},
		...{ escalations: new Map(), inbox: [], tokens: [], kilo: null, triageAgent: true },
		...more,
	} as SchedulerState;
}

/** A merge request under review without a PR. */
export const review = (bead_id: string, more: Partial<ReviewNow> = {}): ReviewNow => ({
	...{ bead_id, source: null, branch: "b", target_branch: "main", pr_url: null, pr_state: null },
	...{ mergeable_state: null, last_poll_at: null, poll_failures: 0, poll_error_kind: null },
	...{ auto_merge_ready_since: null, retry_count: 0, queue_at: null, ...more },
});
export const convoy = (bead_id: string, more: Partial<ConvoyNow> = {}): ConvoyNow => ({
	...{ bead_id, total_beads: 1, closed_beads: 1, feature_branch: "convoy/x", merge_mode: "review-then-land" },
	...{ staged: false, ready_to_land: false, landed_at: null, landing_attempts: 0 },
	...{ last_landing_attempt_at: null, ...more },
});
export const nudge = (to: string, more: Partial<NudgeNow> = {}): NudgeNow => ({
	...{ id: `to-${to}`, agent: to, mode: "immediate", source: "user", created_at: NOW, expires_at: null },
	...{ status: "queued", ...more },
});
/** Told five hours ago, seen by nobody. */
export const escalation = (bead_id: string, more: Partial<EscalationNow> = {}): EscalationNow => ({
	...{
		bead_id,
		severity: "medium",
		about: null,
		acknowledged: false,
		raised: 0,
		told_at: NOW - 300 * MINUTE,
	},
	...more,
});
/** An hour's token that the container holds, half an hour old. */
export const token = (rig_id: string, more: Partial<TokenNow> = {}): TokenNow => ({
	...{ rig_id, held: "f1", usable: "f1", ends_at: NOW + 30 * MINUTE, life_ms: 60 * MINUTE },
	...more,
});
export const request = (id: string, more: Partial<BeadNow> = {}): BeadNow =>
	bead(id, {
		...{ labels: ["gt:triage-request"], priority: "high" },
		metadata: { triage_type: "stuck_agent", agent_bead_id: `of-${id}` },
		...more,
	});
export const batch = (id: string, more: Partial<BeadNow> = {}): BeadNow =>
	bead(id, { labels: ["gt:triage"], priority: "high", ...more });
