import { z } from "zod";

const MINUTE = 60_000;
const ms = (value: number) => z.int().positive().catch(value).default(value);
const count = (value: number, max = 1_000) => z.int().min(1).max(max).catch(value).default(value);

/**
 * Times and limits of a town, `town_state.config.thresholds`: Gastown's constants (domain.md §2.5 to §2.13) unless the town
 * has its own. Milliseconds. A value of another shape counts as not set.
 */
const thresholds = z.object({
	/** Time between two looks of the scheduler while something is under way, and while nothing is. */
	tick_active_ms: ms(5_000),
	tick_idle_ms: ms(5 * MINUTE),
	heartbeat_stale_ms: ms(90_000),
	/** A process that the container does not list yet after its start was asked for. */
	start_grace_ms: ms(180_000),
	stale_work_ms: ms(5 * MINUTE),
	abandoned_review_ms: ms(2 * MINUTE),
	review_without_request_ms: ms(5 * MINUTE),
	/** GUPP: since the last event of an agent that runs no tool. */
	gupp_warn_ms: ms(15 * MINUTE),
	gupp_escalate_ms: ms(60 * MINUTE),
	gupp_stop_ms: ms(120 * MINUTE),
	/** From the stall. */
	stalled_recover_ms: ms(150 * MINUTE),
	nudge_repeat_ms: ms(60 * MINUTE),
	nudge_expires_ms: ms(60 * MINUTE),
	bead_timeout_ms: ms(240 * MINUTE),
	crash_loop_count: count(3),
	crash_loop_ms: ms(30 * MINUTE),
	triage_open_max: count(5),
	/** An escalation that nobody acknowledged is raised again this long after it was last, and so often at most. */
	escalation_repeat_ms: ms(240 * MINUTE),
	escalation_repeats: count(3),
	/** An agent that was idle for so long is collected. */
	agent_gc_ms: ms(24 * 60 * MINUTE),
	/** A process may outlive its work for so long: its session ends by itself. */
	idle_process_ms: ms(2 * MINUTE),
	idle_refinery_process_ms: ms(10 * MINUTE),
	drain_clear_ms: ms(7 * MINUTE),
	/** Waits by starts so far: ≤1, 2, 3, 4, more. */
	back_off_ms: z
		.array(z.int().positive())
		.length(5)
		.catch([30_000, 60_000, 120_000, 300_000, 600_000])
		.default([30_000, 60_000, 120_000, 300_000, 600_000]),
	max_dispatch_attempts: count(5),
	circuit_beads: count(20),
	circuit_window_ms: ms(30 * MINUTE),
	poll_pr_ms: ms(MINUTE),
	poll_failures_transient: count(10),
	poll_failures_lasting: count(3),
	landing_attempts: count(5),
	landing_back_off_ms: ms(30_000),
	landing_back_off_max_ms: ms(30 * MINUTE),
	/** The container: idle stop, watchdog and its budget (domain.md §2.13). */
	idle_stop_ms: ms(5 * MINUTE),
	health_silent_ms: ms(30_000),
	health_failures: count(3),
	cold_start_grace_ms: ms(60_000),
	restart_throttle_ms: ms(60_000),
	restart_budget: count(3),
	restart_window_ms: ms(30 * MINUTE),
	container_token_refresh_ms: ms(60 * MINUTE),
	/** A git token that ends within this is resolved anew before a start (ours). */
	git_token_ahead_ms: ms(5 * MINUTE),
	/** One that a running container holds is renewed this long before its end, or when half of its life is over (ours). */
	git_token_refresh_ms: ms(10 * MINUTE),
	/** Clocks of forge and town differ: one counts as ended so long after its end, since it is made anew at its next use (ours). */
	git_token_slack_ms: ms(MINUTE),
	/** The container is told of a new token within seconds, and says what it holds every 10 s (CONTAINER-3): later it is stale. */
	git_token_stale_ms: ms(2 * MINUTE),
	/**
	 * A ready bead beside an agent that is free is passed over after this: the scheduler looks every 5 s, and every 5 min at
	 * its slowest (domain.md §4.1).
	 */
	undispatched_ms: ms(6 * MINUTE),
	/** A hook that holds an ended bead for longer is a slot that nothing gives back: the scheduler frees it at its next look. */
	slot_held_ms: ms(MINUTE),
	/** Ready work that waits for a free agent for longer is told as more than a wait (ours: an ordinary bead takes less). */
	no_idle_agent_ms: ms(30 * MINUTE),
	/** A request in a long queue that waits for longer makes it backed up (ours: the stuck review of domain.md §2.6). */
	review_long_ms: ms(30 * MINUTE),
	/** A session tells its prompt with its next heartbeat: an old one counts after this (ours). */
	prompt_grace_ms: ms(MINUTE),
	/** From then on before its end a Kilo token is told of (domain.md §2.12). */
	kilo_token_warn_ms: ms(7 * 24 * 60 * MINUTE),
});
export type Thresholds = z.infer<typeof thresholds>;

export const DEFAULT_THRESHOLDS: Thresholds = thresholds.parse({});

/** The thresholds of a town's config, whatever is in it. */
export function thresholdsOf(config: Record<string, unknown> | null | undefined): Thresholds {
	const own = config?.thresholds;
	const parsed = thresholds.safeParse(typeof own === "object" && own !== null ? own : {});
	return parsed.success ? parsed.data : DEFAULT_THRESHOLDS;
}

/** Limits that a rig may set for itself, else the town, else Gastown (domain.md §1.4). */
const limits = z.object({
	merge_strategy: z.enum(["direct", "pr"]).catch("direct").default("direct"),
	max_polecats_per_rig: count(5, 50),
	code_review: z.boolean().catch(true).default(true),
	review_mode: z.enum(["rework", "comments"]).catch("rework").default("rework"),
	convoy_merge_mode: z
		.enum(["review-then-land", "review-and-merge"])
		.catch("review-then-land")
		.default("review-then-land"),
	auto_merge: z.boolean().catch(true).default(true),
	auto_resolve_merge_conflicts: z.boolean().catch(true).default(true),
	auto_merge_delay_minutes: z.number().min(0).nullable().catch(5).default(5),
	default_model: z.string().min(1).catch("scripted/m").default("scripted/m"),
	max_dispatch_attempts: z.int().min(1).nullable().catch(null).default(null),
});
export type RigLimits = z.infer<typeof limits>;

/** A rig's own word, else the town's, else the default; `max_concurrent_polecats` is the rig's name for its polecats. */
export function limitsOf(
	town: Record<string, unknown> | null | undefined,
	rig: Record<string, unknown> | null | undefined,
): RigLimits {
	const { refinery, ...flat } = town ?? {};
	const own = { ...rig };
	if (own.max_concurrent_polecats !== undefined) own.max_polecats_per_rig = own.max_concurrent_polecats;
	return limits.parse({ ...(typeof refinery === "object" ? refinery : {}), ...flat, ...own });
}

/** The model of a role: rig's role, rig, town's role, town (domain.md §1.4). */
export function modelOf(
	role: string,
	town: Record<string, unknown> | null | undefined,
	rig: Record<string, unknown> | null | undefined,
): string {
	const ofRole = (config: Record<string, unknown> | null | undefined) =>
		(config?.role_models as Record<string, unknown> | undefined)?.[role];
	const model = ofRole(rig) ?? rig?.default_model ?? ofRole(town) ?? town?.default_model;
	return typeof model === "string" && model !== "" ? model : "scripted/m";
}
