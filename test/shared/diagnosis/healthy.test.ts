import { describe, expect, test } from "vitest";
import { diagnose, whyNotMoving } from "../../../shared/diagnosis/index.ts";
import type { TownView } from "../../../shared/town-view/index.ts";
import { emptyTown } from "../../../shared/town-view/index.ts";
import { queue } from "./states/scenario-2.ts";
import { watchedPull } from "./states/scenario-3.ts";
import {
	aBead,
	anAgent,
	aRequest,
	aReview,
	aStop,
	before,
	blocks,
	container,
	gitFailure,
	NOW,
	signals,
	townOf,
	tracks,
	value,
	works,
} from "./town.ts";

const agentAtWork = (row = {}) => anAgent("clove", works("b", row));
const worked = aBead("b", { status: "in_progress", assignee_agent_bead_id: "clove" });
const withSignal = (row: Record<string, unknown>) =>
	townOf({
		agent_metadata: [agentAtWork({ last_event_at: before(40) })],
		agent_signals: [signals("clove", row)],
		beads: [worked],
		town_state: [container()],
	});
const withState = (key: string, of: unknown) =>
	townOf({
		beads: [aBead("b")],
		agent_metadata: [anAgent("clove")],
		town_state: [container(), value(key, of)],
	});
const withStop = (of: object) =>
	withState("stops", {
		awaited: [{ id: "i", agent: "clove", bead: "b", since: before(9), status: "asked", error: null, ...of }],
	});
const tried = {
	dispatch_attempts: 2,
	last_dispatch_attempt_at: before(0.5),
	last_dispatch_error: "no capacity",
};

/** Odd but healthy: the notice that tells it, where there is one. */
const STATES: [what: string, view: () => TownView, notice: string | null][] = [
	["billing blocks it", () => withState("billing", { blocked: true, since: before(9), reason: null }), "town.billing-blocked"],
	["its owner paused it", () => withState("run_policy", { policy: "paused_by_user", since: before(9), by: "u/1" }), "town.paused-by-user"],
	["an admin paused dispatch", () => withState("dispatch_pause", { since: before(9), until: before(-9), by: "Kim" }), "town.dispatch-paused-by-admin"],
	["an admin's pause is over", () => withState("dispatch_pause", { since: before(9), until: before(1), by: "Kim" }), null],
	["it drains", () => withState("drain", { nonce: "n", started_at: before(2) }), "town.draining"],
	["its container sleeps with nothing to do", () => townOf({ town_state: [container({ status: "sleeping" })] }), null],
	["its container was stopped on purpose", () => townOf({ town_state: [container({ status: "stopped", last_stop: aStop({ exit_code: 0, agents: [] }) })] }), null],
	["a bead is held", () => townOf({ beads: [aBead("b", { labels: ["gt:held"] })] }), "bead.held"],
	["a bead backs off", () => townOf({ beads: [aBead("b", tried)], agent_metadata: [anAgent("clove")] }), "bead.backing-off"],
	["a bead waits for an open one", () => townOf({ beads: [aBead("b"), aBead("c")], bead_dependencies: [blocks("b", "c")], agent_metadata: [anAgent("clove")] }), "bead.waits-for-open-blocker"],
	["all agents of the rig work", () => townOf({ beads: [worked, aBead("c")], agent_metadata: [agentAtWork()], town_state: [container()] }), "bead.waits-for-capacity"],
	["the rig has as many at work as it may now", () => townOf({ beads: [worked, aBead("c", { status_since: before(5) })], agent_metadata: [agentAtWork(), anAgent("maple")], town_state: [container(), value("config", { max_polecats_per_rig: 1 })] }), "bead.waits-for-capacity"],
	["a convoy is staged", () => townOf({ beads: [aBead("v", { type: "convoy" })], convoy_metadata: [{ bead_id: "v", total_beads: 0, closed_beads: 0, landed_at: null, feature_branch: null, merge_mode: null, staged: 1 }] }), "convoy.staged"],
	["a tool runs for long", () => townOf({ agent_metadata: [agentAtWork({ last_event_at: before(40), active_tools: ["bash"] })], beads: [worked], town_state: [container()] }), "agent.long-tool"],
	["an agent waits for a permission", () => withSignal({ pending_permission: { id: "p", permission: "bash", patterns: ["rm"], since: NOW - 9e5 } }), "agent.blocked-on-permission"],
	["an agent waits for the network", () => withSignal({ offline_since: NOW - 9e5 }), "agent.network-offline"],
	["an agent's model is busy", () => withSignal({ retry: { attempt: 2, message: "429", next: NOW + 5_000 } }), "agent.provider-retry"],
	["the mayor waits", () => townOf({ agent_metadata: [anAgent("mayor", { role: "mayor", status: "waiting", container_process_id: "1", last_event_at: before(600) })], town_state: [container()] }), "mayor.waiting"],
	["a stop was asked for", () => townOf({ agent_metadata: [anAgent("clove", { last_exit: { at: before(1), code: 143, signal: "SIGTERM", reason: "reset", bead_id: null } })], town_state: [container()] }), null],
	["a stop was ordered just now", () => withStop({ since: before(0.2) }), null],
	["a stop takes its time", () => withStop({ since: before(2) }), "agent.stop-awaited"],
	["the mayor works without a hook", () => townOf({ agent_metadata: [anAgent("mayor", { role: "mayor", status: "working", last_event_at: before(40) })], town_state: [container()] }), null],
	["a refinery still has its process for its grace time", () => townOf({ agent_metadata: [anAgent("clove", { container_process_id: "4" })], town_state: [container()] }), null],
	["a failed bead that nothing waits for", () => townOf({ beads: [aBead("b", { status: "failed", closed_at: before(5) })] }), null],
	["a failure of last week", () => townOf({ beads: [aBead("b", { status: "failed", closed_at: before(9_999), metadata: { failure_reason: { code: "dispatch_exhausted", message: "x", source: "y" } } })] }), "agent.dispatch-exhausted"],
	["it is deployed anew", () => townOf({ agent_metadata: [agentAtWork({ last_event_at: before(40) })], beads: [worked], town_state: [container({ status: "draining", since: before(1) }), value("drain", { nonce: "n", started_at: before(1) })] }), "town.draining"],
	["its container has just started", () => townOf({ agent_metadata: [agentAtWork({ last_event_at: null })], beads: [worked], town_state: [container({ since: before(0.5) })] }), "container.cold-start"],
	["a bead backs off on the hook of its agent", () => townOf({ beads: [aBead("b", tried)], agent_metadata: [anAgent("clove", { current_hook_bead_id: "b" })], town_state: [container()] }), "bead.backing-off"],
	["an admin paused its container", () => withState("run_policy", { policy: "paused_by_user", since: before(9), by: "Kim", order: "i", until: before(-9) }), "town.paused-by-admin"],
	["the circuit breaker is open", () => townOf({ beads: Array.from({ length: 20 }, (_, n) => aBead(`b${n}`, { ...tried, dispatch_attempts: 1, last_dispatch_attempt_at: before(3) })), agent_metadata: [anAgent("clove")], town_state: [container()] }), "town.circuit-breaker"],
	["the model says that no credit is left", () => withSignal({ last_error: { at: NOW - 60_000, name: "APIError", message: "Payment required", status: 402, count: 1 }, retry: { attempt: 2, message: "402", next: NOW + 9_000 } }), "agent.provider-retry"],
	["no credit is left for an agent that shows its last event", () => townOf({ agent_metadata: [agentAtWork()], agent_signals: [signals("clove", { last_error: { at: NOW - 60_000, name: "APIError", message: "Payment required", status: 402, count: 1 } })], beads: [worked], town_state: [container()] }), "model.out-of-credits"],
	["a pull request awaits a person", () => watchedPull({ mergeable_state: "blocked", last_poll_at: before(0.5) }), "review.awaiting-human"],
	["a short queue waits for a refinery at work", () => queue(3), "review.waits-its-turn"],
	["many wait for a refinery that merges, none for long", () => queue(8, {}, { updated_at: before(12) }), "review.waits-its-turn"],
	["a member of a staged convoy is ready", () => townOf({ beads: [aBead("v", { type: "convoy" }), aBead("b")], convoy_metadata: [{ bead_id: "v", total_beads: 1, closed_beads: 0, landed_at: null, feature_branch: null, merge_mode: null, staged: 1 }], bead_dependencies: [tracks("b", "v")], agent_metadata: [anAgent("clove", { last_activity_at: before(50), last_event_at: before(50) })], town_state: [container({ since: before(9) })] }), "convoy.staged"],
	["a clone that failed once has gone well since", () => townOf({ beads: [aBead("b", { status: "in_progress", assignee_agent_bead_id: "clove" })], agent_metadata: [agentAtWork()], town_state: [container(), value("git_failures", [])] }), null],
	["statuses and types that are new", () => townOf({ beads: [aBead("b", { status: "sleeping", type: "dream" })], agent_metadata: [anAgent("clove", { status: "dancing" })] }), null],
]; // biome-ignore format: a table

describe.each(STATES)("when %s", (_, view, notice) => {
	test("nothing is above notice, and the light is not worse than healthy", () => {
		const { findings, light } = diagnose(view(), NOW);
		expect(findings).toEqual([]);
		expect(["healthy", "asleep", "waiting"]).toContain(light);
	});
	test(`the notice is ${notice ?? "none that it would be"}`, () => {
		const notices = diagnose(view(), NOW).notices;
		if (notice) expect(notices.map(({ code }) => code)).toContain(notice);
		for (const { severity } of notices) expect(severity).toBe("notice");
	});
});

test("the light says what it is, and a town that was not read is unknown", () => {
	expect(diagnose(emptyTown(), NOW).light).toBe("unknown");
	const state = (status: string) => diagnose(townOf({ town_state: [container({ status })] }), NOW);
	expect(state("sleeping")).toMatchObject({ light: "asleep", reason: "The container sleeps." });
	expect(state("running")).toMatchObject({ light: "healthy" });
	const paused = { since: before(9), until: before(-9), by: "Kim Park" };
	expect(diagnose(withState("dispatch_pause", paused), NOW)).toMatchObject({
		light: "waiting",
		reason: "Kim Park has paused dispatch. Nothing new is started.",
	});
});

/** In the order of domain.md §8 item 12: each state has all the later reasons too, and the first one is told. */
const WHY: [code: string, view: () => TownView][] = [
	["closed", () => townOf({ beads: [aBead("b", { status: "closed", closed_at: before(3), labels: ["gt:held"] })] })],
	["failed", () => townOf({ beads: [aBead("b", { status: "failed", closed_at: before(3) })] })],
	["no-review", () => townOf({ beads: [aBead("b", { status: "in_review" })] })],
	["bead.held", () => townOf({ beads: [aBead("b", { labels: ["gt:held"], ...tried })], town_state: [value("drain", { nonce: "n", started_at: before(1) })] })],
	["blocked", () => townOf({ beads: [aBead("b"), aBead("c", { status: "failed" })], bead_dependencies: [blocks("b", "c")] })],
	["bead.waits-for-open-blocker", () => townOf({ beads: [aBead("b", tried), aBead("c")], bead_dependencies: [blocks("b", "c")], town_state: [value("drain", { nonce: "n", started_at: before(1) })] })],
	["held", () => withStop({})],
	["town.draining", () => townOf({ beads: [aBead("b", tried)], town_state: [value("drain", { nonce: "n", started_at: before(1) })] })],
	["bead.backing-off", () => townOf({ beads: [aBead("b", tried)] })],
	["bead.waits-for-capacity", () => townOf({ beads: [aBead("b"), aBead("c", { status: "in_progress" })], agent_metadata: [anAgent("clove", works("c"))] })],
	["no-agents", () => townOf({ beads: [aBead("b")] })],
	["exhausted", () => townOf({ beads: [aBead("b", { dispatch_attempts: 5, last_dispatch_attempt_at: before(50) })], agent_metadata: [anAgent("clove")] })],
	["dead-assignee", () => townOf({ beads: [aBead("b", { assignee_agent_bead_id: "clove" })], agent_metadata: [anAgent("clove")] })],
	["nobody", () => townOf({ beads: [aBead("b", { status: "in_progress" })] })],
	["hooked", () => townOf({ beads: [aBead("b", { assignee_agent_bead_id: "clove" })], agent_metadata: [anAgent("clove", { current_hook_bead_id: "b" })] })],
	["stalled", () => townOf({ beads: [worked], agent_metadata: [anAgent("clove", { status: "stalled", stalled_at: before(3), current_hook_bead_id: "b" })] })],
	["container", () => townOf({ beads: [worked], agent_metadata: [agentAtWork()], town_state: [container({ status: "sleeping" })] })],
	["moving", () => townOf({ beads: [worked], agent_metadata: [agentAtWork()], town_state: [container()] })],
	["ready", () => townOf({ beads: [aBead("b")], agent_metadata: [anAgent("clove")], town_state: [container()] })],
	["unknown-status", () => townOf({ beads: [aBead("b", { status: "sleeping" })] })],
]; // biome-ignore format: a table

test.each(WHY)("D7: why a bead does not move: %s", (code, view) => {
	const why = whyNotMoving(view(), "b", NOW);
	expect(why?.code).toBe(code);
	expect(why?.sentence).toMatch(/^[A-Z"].*\.$/);
	expect(why?.moving).toBe(code === "moving");
});

const some = (size: number, row: (n: number) => Record<string, unknown>) =>
	Array.from({ length: size }, (_, n) => row(n));
const hands = (row: (n: number) => Record<string, unknown> = () => ({})) =>
	some(40, (n) => anAgent(`a${n}`, row(n)));
const silentHands = () => hands((n) => works(`b${n}`, { last_event_at: before(34) }));
const gone = {
	dispatch_attempts: 3,
	last_dispatch_attempt_at: before(1),
	last_dispatch_error: "no capacity",
};
const ended = {
	status: "failed",
	closed_at: before(3),
	metadata: { failure_reason: { code: "merge_conflict", message: "x", source: "y" } },
};
const reviews = (size: number, request: Record<string, unknown>, work: Record<string, unknown>, pull: Record<string, unknown> = {}) =>
	townOf({
		beads: [...some(size / 2, (n) => aBead(`b${n}`, work)), ...some(size / 2, (n) => aRequest(`m${n}`, request))],
		review_metadata: some(size / 2, (n) => aReview(`m${n}`, pull)),
		bead_dependencies: some(size / 2, (n) => tracks(`m${n}`, `b${n}`)),
		agent_metadata: hands(),
		town_state: [container()],
	}) // biome-ignore format: rows
/** Towns in which some rule has something to say of every bead. */
const LARGE: [what: string, town: (size: number) => TownView][] = [
	["behind one failed bead", (size) => townOf({ beads: some(size, (n) => aBead(`b${n}`, n === 0 ? { status: "failed" } : {})), bead_dependencies: some(size - 1, (n) => blocks(`b${n + 1}`, `b${n}`)), agent_metadata: hands(), town_state: [container()] })],
	["waiting for agents that are silent", (size) => townOf({ beads: some(size, (n) => aBead(`b${n}`, n < 40 ? { status: "in_progress" } : {})), agent_metadata: silentHands(), town_state: [container()] })],
	["failing to start", (size) => townOf({ beads: some(size, (n) => aBead(`b${n}`, { ...gone, last_dispatch_error: `error ${n}` })), agent_metadata: hands(), town_state: [container()] })],
	["that a clone keeps from starting", (size) => townOf({ beads: some(size, (n) => aBead(`b${n}`, gone)), agent_metadata: hands(), town_state: [container(), value("git_failures", [gitFailure()])] })],
	["waiting for review", (size) => reviews(size, {}, { status: "in_review" })],
	["whose pull requests nobody asks after", (size) => reviews(size, { status: "in_review" }, { status: "in_review" }, { pr_url: "https://github.com/o/shop/pull/4", last_poll_at: before(20) })],
	["whose merges conflict", (size) => reviews(size, ended, ended)],
]; // biome-ignore format: a table

test.each(LARGE)("a large town of beads %s is diagnosed without a step for each pair of them", (_, town) => {
	// Counted, not timed: the machine may be busy. The bench has the milliseconds.
	const steps = (view: TownView) => {
		const { get, set } = Map.prototype;
		let count = 0;
		Map.prototype.get = function (key) {
			count++;
			return get.call(this, key);
		};
		Map.prototype.set = function (key, to) {
			count++;
			return set.call(this, key, to);
		};
		try {
			diagnose(view, NOW);
			return count;
		} finally {
			Object.assign(Map.prototype, { get, set });
		}
	};
	const [small, large] = [steps(town(250)), steps(town(2_000))];
	// Eight times the beads: eight times the steps, not sixty-four.
	expect(large / small).toBeLessThan(10);
});
