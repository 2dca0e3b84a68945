// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { Agent, Bead, ReviewMetadata } from "../../../shared/gastown/index.ts";
import { emptyTown, lookupOf, put, type TownView } from "../../../shared/town-view/index.ts";
import {
	agentLook, attemptLook, beadLook, containerLook, convoyLook, credentialLook, feedLook, gitLook, type Look,lightLook, 
	reviewLook, SIGNS, type Sight, severityLook, toolLook,
} from "../../../web/ui/status/index.ts"; // biome-ignore format: one list

const NOW = Date.parse("2026-11-22T12:20:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();

const bead = (extra: Partial<Bead> = {}): Bead => ({
	bead_id: "b1",
	type: "issue",
	status: "open",
	title: "Fix login",
	body: null,
	rig_id: "r1",
	parent_bead_id: null,
	assignee_agent_bead_id: null,
	priority: "medium",
	labels: [],
	metadata: {},
	dispatch_attempts: 0,
	last_dispatch_attempt_at: null,
	last_dispatch_error: null,
	dispatch_order: null,
	created_by: null,
	created_at: ago(3_600_000),
	updated_at: ago(3_600_000),
	closed_at: null,
	status_since: null,
	...extra,
});

const agent = (extra: Partial<Agent> = {}): Agent => ({
	bead_id: "a1",
	role: "polecat",
	identity: "Toast",
	container_process_id: null,
	status: "idle",
	status_since: null,
	current_hook_bead_id: null,
	dispatch_attempts: 0,
	checkpoint: null,
	last_activity_at: ago(4_000),
	agent_status_message: null,
	agent_status_updated_at: null,
	last_event_type: null,
	last_event_at: ago(4_000),
	active_tools: [],
	stalled_at: null,
	current_attempt_id: null,
	last_exit: null,
	...extra,
});

const sight = (
	fill: (add: (entity: string, key: string, row: object) => void, view: TownView) => void = () => {},
): Sight => {
	const view = emptyTown();
	fill((entity, key, row) => put(view, entity, key, row, null), view);
	return { look: lookupOf(view), now: NOW, heartbeatAt: () => null };
};

const words = ({ sign, word, tone }: Look) => `${SIGNS[sign].text} ${word}, ${tone}`;

describe("a bead, from its data to its word", () => {
	const of = (extra: Partial<Bead>, at = sight()) => words(beadLook(bead(extra), at));

	test("each status that Gastown writes has its sign, word and tone", () => {
		expect(of({ status: "open" })).toBe("○ Open, quiet");
		expect(of({ status: "in_progress" })).toBe("◐ In progress, active");
		expect(of({ status: "in_review" })).toBe("◉ In review, active");
		expect(of({ status: "closed" })).toBe("✓ Closed, good");
		expect(of({ status: "failed" })).toBe("✕ Failed, bad");
	});

	test("SOCKET-1: a value that nobody knows is shown as it came, and breaks nothing", () => {
		expect(of({ status: "limbo_state" })).toBe("? limbo_state, warn");
		expect(of({ status: "" })).toBe("? not seen, warn");
		expect(of({ labels: "broken" as never, metadata: null as never })).toBe("○ Open, quiet");
		expect(words(agentLook(agent({ status: "zombie" }), sight()))).toBe("? zombie, warn");
		expect(words(containerLook({ status: "teleporting" }))).toBe("? teleporting, warn");
		for (const unknown of [severityLook, lightLook, gitLook, toolLook])
			expect(words(unknown("odd"))).toBe("? odd, warn");
		expect(words(attemptLook({ outcome: "odd" }))).toBe("? odd, warn");
	});

	test("in_progress is Dispatching until the agent's first heartbeat after the try", () => {
		const hooked = (heard: number, pulse: number | null = null) => ({
			...sight((add) =>
				add("agent_metadata", "a1", agent({ current_hook_bead_id: "b1", last_activity_at: ago(heard) })),
			),
			heartbeatAt: () => pulse,
		});
		const tried = { status: "in_progress", last_dispatch_attempt_at: ago(10_000) };
		expect(of(tried, hooked(20_000))).toBe("↻ Dispatching, active");
		expect(of(tried, hooked(5_000))).toBe("◐ In progress, active");
		expect(of(tried, hooked(20_000, NOW - 1_000))).toBe("◐ In progress, active");
	});

	test("open beads that wait say for what", () => {
		expect(of({ labels: ["gt:held"] })).toBe("◌ Held, quiet");
		expect(words(beadLook(bead(), sight(), { staged: true }))).toBe("◌ Staged, quiet");
		expect(of({ rig_id: null })).toBe("⊘ Not dispatchable, warn");
		expect(of({ dispatch_attempts: 3, last_dispatch_attempt_at: ago(30_000) })).toMatch(
			/^⋈ Backing off until \d\d:\d\d, quiet$/,
		);
		expect(of({ dispatch_attempts: 3, last_dispatch_attempt_at: ago(200_000) })).toBe("○ Open, quiet");
		const blocked = (status: string) =>
			sight((add) => {
				add("beads", "b2", bead({ bead_id: "b2", status }));
				add("bead_dependencies", '["b1","b2"]', {
					bead_id: "b1",
					depends_on_bead_id: "b2",
					dependency_type: "blocks",
				});
			});
		expect(of({}, blocked("failed"))).toBe("⋈ Blocked, quiet");
		expect(of({}, blocked("closed"))).toBe("○ Open, quiet");
		const paused = sight((add) =>
			add("town_state", "dispatch_pause", {
				key: "dispatch_pause",
				value: { since: ago(0), until: ago(-1), by: "a" },
				updated_at: ago(0),
			}),
		);
		expect(of({}, paused)).toBe("‖ Dispatch paused, human");
	});

	test("work that cannot be right, or will not last, says so", () => {
		const other = sight((add) => add("agent_metadata", "a1", agent({ current_hook_bead_id: "b1" })));
		expect(of({ status: "in_progress", assignee_agent_bead_id: "a2" }, other)).toBe(
			"≠ Hook and assignee differ, warn",
		);
		const late = { status: "in_progress", last_dispatch_attempt_at: ago(4 * 3_600_000 - 540_000) };
		expect(of(late)).toBe("◷ Times out in 9m 00s, warn");
	});
});

test("an agent: idle, starting, working, silent, waiting, stalled, dead", () => {
	const of = (extra: Partial<Agent>, at = sight(), signals?: never) =>
		words(agentLook(agent(extra), at, signals));
	expect(of({})).toBe("○ Idle, quiet");
	expect(of({ last_activity_at: null, last_event_at: null })).toBe("◌ Not started yet, quiet");
	expect(of({ status: "working" })).toBe("◐ Working, active");
	expect(of({ status: "working", last_activity_at: ago(100_000) })).toBe("◷ Heartbeat late, warn");
	expect(of({ status: "working", last_event_at: ago(960_000) })).toBe("◷ Silent 16m 00s, warn");
	expect(of({ status: "working", last_event_at: ago(960_000), active_tools: ["bash"] })).toBe(
		"◐ Working, active",
	);
	expect(of({ status: "waiting" })).toBe("⋈ Waiting, quiet");
	expect(of({ status: "stalled" })).toBe("▲ Stalled, warn");
	expect(of({ status: "dead" })).toBe("✕ Dead, bad");
	const crashed = { at: ago(0), code: 1, signal: null, reason: "exit", status: null, bead_id: null };
	expect(of({ status: "dead", last_exit: crashed })).toBe("✕ Crashed, exit 1, bad");
	const tried = bead({ last_dispatch_attempt_at: ago(1_000) });
	const starting = sight((add) => add("beads", "b1", tried));
	expect(of({ status: "working", current_hook_bead_id: "b1" }, starting)).toBe("↻ Starting, active");
});

test("PAGE-1: what a dead container had at work was at work; it is not said to be", () => {
	const dead = (status: string) =>
		sight((add) => {
			add("agent_metadata", "a1", agent({ status: "working", current_hook_bead_id: "b1" }));
			const none = { instance_id: null, last_stop: null, restarts_in_window: 0, window_started_at: null };
			const value = { status, since: ago(0), ...none };
			add("town_state", "container", { key: "container", value, updated_at: ago(0) });
		});
	const working = agent({ status: "working", current_hook_bead_id: "b1" });
	const taken = bead({ status: "in_progress", assignee_agent_bead_id: "a1" });
	expect(words(agentLook(working, dead("died")))).toBe("? Was working, quiet");
	expect(words(beadLook(taken, dead("died")))).toBe("? Was in progress, quiet");
	expect(words(agentLook(working, dead("running")))).toBe("◐ Working, active");
	expect(words(beadLook(taken, dead("running")))).toBe("◐ In progress, active");
});

test("a merge request: by its status, its URL and its last git result", () => {
	const review: ReviewMetadata = {
		bead_id: "b1",
		branch: "x",
		target_branch: "main",
		merge_commit: null,
		pr_url: null,
		retry_count: 0,
		auto_merge_ready_since: null,
		last_feedback_check_at: null,
		pr_state: null,
		mergeable_state: null,
		last_poll_at: null,
		polled_ok_at: null,
		poll_failures: 0,
		poll_error_kind: null,
		poll_error: null,
		conflict_files: [],
		queue_at: null,
		change: null,
		branch_pr: null,
	};
	const of = (status: string, extra: Partial<ReviewMetadata> = {}, outcome?: string) =>
		words(
			reviewLook(
				bead({ type: "merge_request", status }),
				{ ...review, ...extra },
				outcome ? ({ outcome } as never) : undefined,
			),
		);
	expect(of("open")).toBe("○ Waiting, quiet");
	expect(of("in_progress")).toBe("◐ Reviewing, active");
	expect(of("in_progress", { pr_url: "https://forge.test/1" })).toBe("◉ PR open, active");
	expect(of("closed", { merge_commit: "4d1e2f0" })).toBe("✓ Merged, good");
	expect(of("closed")).toBe("⊖ Closed, not merged, quiet");
	expect(of("failed")).toBe("✕ Failed, bad");
	expect(of("failed", {}, "conflict")).toBe("▲ Conflict, warn");
	expect(of("failed", {}, "denied")).toBe("⊘ Push denied, warn");
});

test("a convoy: by what is closed, stored and landed", () => {
	const of = (extra: object, status = "open", recounted?: number) =>
		words(
			convoyLook(
				bead({ type: "convoy", status }),
				{
					bead_id: "b1", total_beads: 5, closed_beads: 2, landed_at: null, feature_branch: null, merge_mode: null, staged: 0,
					ready_to_land: 0, landing_attempts: 0, last_landing_attempt_at: null, last_landing_error: null, ...extra,
				},
				recounted,
			),
		); // biome-ignore format: one row
	expect(of({})).toBe("◐ Active, 2 of 5, active");
	expect(of({ closed_beads: 0 })).toBe("○ Active, 0 of 5, quiet");
	expect(of({ closed_beads: 5 })).toBe("⋈ Ready to land, quiet");
	expect(of({ staged: 1 })).toBe("◌ Staged, quiet");
	expect(of({ landed_at: ago(0) }, "closed")).toBe("✓ Landed, good");
	expect(of({}, "closed")).toBe("⊖ Closed, not landed, quiet");
	expect(of({}, "open", 3)).toBe("≠ Stored 2, recounted 3, warn");
});

test("a container, its credentials, a tool call", () => {
	const stop = {
		at: ago(0),
		exit_code: 137,
		reason: "",
		oom: false,
		memory_mb: null,
		memory_limit_mb: null,
		agents: [],
		event_id: 1,
	};
	expect(words(containerLook({ status: "running" }))).toBe("● Running, good");
	expect(words(containerLook({ status: "died", last_stop: stop }))).toBe("✕ Died, exit 137, bad");
	expect(words(containerLook({ status: "sleeping" }))).toBe("☾ Asleep, quiet");
	expect(words(containerLook({ status: "stopped" }, true))).toBe("‖ Paused, human");
	expect(words(containerLook(null))).toBe("? Unknown, warn");
	const credential = (last_outcome: string, expires: number | null) =>
		words(
			credentialLook({ last_outcome, expires_at: expires === null ? null : ago(-expires) } as never, NOW),
		);
	expect(credential("ok", 41 * 60_000)).toBe("✓ Valid 41m 00s, good");
	expect(credential("ok", 6 * 60_000)).toBe("◷ Expires in 6m 00s, warn");
	expect(credential("ok", -1)).toBe("✕ Expired, bad");
	expect(credential("revoked", null)).toBe("✕ Revoked, bad");
	expect(words(toolLook("completed", 0))).toBe("✓ Done, good");
	expect(words(toolLook("completed", 1))).toBe("✕ Exit 1, bad");
});

test("SESSION-2: each state of a feed has its own word", () => {
	const feed = (state: string, extra: object = {}) =>
		words(
			feedLook(
				{ feed: "a", state, since: 0, heard_at: null, attempt: 1, next_at: null, reason: null, gaps: 0, ...extra } as never,
				NOW,
			),
		); // biome-ignore format: one row
	expect(["idle", "connecting", "replaying", "live", "waiting"].map((state) => feed(state))).toEqual([
		"○ Not followed, quiet",
		"↻ Connecting, active",
		"↻ Catching up, active",
		"● Live, good",
		"⋈ Retry, quiet",
	]);
	expect(feed("waiting", { next_at: NOW + 3_000 })).toBe("⋈ Retry in 3.0 s, quiet");
	expect(words(feedLook(undefined, NOW))).toBe("○ Not followed, quiet");
});
