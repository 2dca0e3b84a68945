import { expect, test } from "vitest";
import { limitsOf } from "../../../shared/gastown/index.ts";
import type { Action } from "../../../worker/town/scheduler/actions.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { SchedulerState } from "../../../worker/town/scheduler/state.ts";
import { agent, bead, MINUTE, NOW, town, working } from "./builders.ts";

const types = (state: SchedulerState) => reconcile(state).map(({ type }) => type);

test.each<[string, SchedulerState, Action["type"][]]>([
	["nothing to do is nothing done", town([], [agent("toast")]), []],
	[
		"ready work goes to whoever is free",
		town([bead("b")], [agent("toast")]),
		["hook_agent", "dispatch_agent"],
	],
	["an agent is made where nobody is free", town([bead("b")], []), ["create_agent"]],
	[
		"no more than the rig may have",
		town([bead("b"), bead("c"), bead("d")], [working("toast", "x"), working("maple", "y")]),
		[],
	],
	[
		"nor where more were made before its limit was lowered",
		town([bead("b")], [working("toast", "x"), working("maple", "y"), agent("clove")]),
		[],
	],
	[
		"a blocker that has not closed holds",
		town([bead("b")], [agent("toast")], { blockers: new Map([["b", ["c"]]]) }),
		[],
	],
	[
		"what backs off waits",
		town([bead("b", { dispatch_attempts: 1, last_dispatch_at: NOW - 1_000 })], [agent("toast")]),
		[],
	],
	[
		"a drain holds everything",
		town([bead("b")], [agent("toast")], {
			holds: { ...town([], []).holds, draining: true },
		}),
		[],
	],
	[
		"used attempts end it",
		town([bead("b", { dispatch_attempts: 5, last_dispatch_at: NOW - 3_600_000 })], [agent("toast")]),
		["fail_bead"],
	],
	[
		"a container at rest is started for work",
		town([bead("b")], [agent("toast")], { container: null }),
		["start_container"],
	],
	[
		"an agent without heartbeats is lost",
		town([bead("b", { status: "in_progress" })], [working("toast", "b", { heartbeat_at: NOW - 2 * MINUTE })]),
		["release_agent"],
	],
	[
		"fifteen silent minutes are a reminder",
		town(
			[bead("b", { status: "in_progress" })],
			[working("toast", "b", { last_event_at: NOW - 16 * MINUTE })],
		),
		["send_nudge"],
	],
	[
		"a tool that runs is no silence",
		town(
			[bead("b", { status: "in_progress" })],
			[working("toast", "b", { last_event_at: NOW - 16 * MINUTE, active_tools: ["bash"] })],
		),
		[],
	],
	[
		"a question that waits is no silence",
		town(
			[bead("b", { status: "in_progress" })],
			[working("toast", "b", { last_event_at: NOW - 16 * MINUTE, asks: true })],
		),
		[],
	],
	[
		"work without an agent goes back",
		town([bead("b", { status: "in_progress", status_since: NOW - 6 * MINUTE })], []),
		["release_bead"],
	],
	[
		"what was given to somebody by hand goes on their hook when they are free",
		town([bead("b", { assignee: "toast" })], [agent("toast")]),
		["hook_agent", "dispatch_agent"],
	],
	[
		"what was given to somebody who is busy waits for them, whoever else is free",
		town([bead("b", { assignee: "toast" })], [working("toast", "x"), agent("maple")]),
		[],
	],
	[
		"what was given to somebody who is gone wakes no container",
		town([bead("b", { assignee: "gone" })], [agent("toast")], { container: null }),
		[],
	],
	[
		"a last attempt that ended without a word leaves its time to a late word",
		town(
			[bead("b", { status: "in_progress", dispatch_attempts: 5, last_dispatch_at: NOW - 3_600_000 })],
			[agent("toast", { hook: "b", status_since: NOW - 4 * MINUTE })],
		),
		[],
	],
	[
		"a last attempt that ended without a word fails when that time is over",
		town(
			[bead("b", { status: "in_progress", dispatch_attempts: 5, last_dispatch_at: NOW - 3_600_000 })],
			[agent("toast", { hook: "b", status_since: NOW - 5 * MINUTE })],
		),
		["fail_bead"],
	],
	[
		"work on a hook is started again when it may be",
		town([bead("b", { assignee: "toast" })], [agent("toast", { hook: "b" })]),
		["dispatch_agent"],
	],
	[
		"what has ended leaves its hook",
		town([bead("b", { status: "closed" })], [agent("toast", { hook: "b" })]),
		["unhook_agent"],
	],
	[
		"an hour of silence is told of",
		town(
			[bead("b", { status: "in_progress" })],
			[working("toast", "b", { last_event_at: NOW - 61 * MINUTE })],
		),
		["send_nudge", "create_triage_request"],
	],
	[
		"two hours of silence are stopped, and leave a request",
		town(
			[bead("b", { status: "in_progress" })],
			[working("toast", "b", { last_event_at: NOW - 121 * MINUTE })],
		),
		["stop_agent", "create_triage_request"],
	],
	[
		"a stall is over after its time",
		town(
			[bead("b", { status: "in_progress" })],
			[working("toast", "b", { status: "stalled", stalled_at: NOW - 151 * MINUTE })],
		),
		["recover_agent"],
	],
	[
		"three crashes are told of",
		town([], [agent("toast")], { crashes: new Map([["toast", { count: 3, bead: "b" }]]) }),
		["create_triage_request"],
	],
	[
		"two crashes are not",
		town([], [agent("toast")], { crashes: new Map([["toast", { count: 2, bead: "b" }]]) }),
		[],
	],
	[
		"four hours are too long",
		town([bead("b", { status: "in_progress", status_since: NOW - 241 * MINUTE })], [working("toast", "b")]),
		["fail_bead"],
	],
	[
		"an idle container is put to sleep",
		town([], [agent("toast")], { idleSince: NOW - 6 * MINUTE }),
		["stop_container"],
	],
])("SCHED-1 SCHED-2 SCHED-3 SCHED-4: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});

test("SCHED-1: the same town, read in another order, is answered the same", () => {
	const beads = ["b", "c", "d", "e"].map((id, n) =>
		bead(id, { priority: n % 2 ? "high" : "low", created_at: NOW - n }),
	);
	const agents = [
		agent("toast"),
		agent("maple"),
		working("cinder", "x", { last_event_at: NOW - 20 * MINUTE }),
	];
	const limits = limitsOf({ max_polecats_per_rig: 3 }, {});
	const rigs = new Map([["r", { id: "r", name: "shop", default_branch: "main", limits }]]);
	const there = reconcile(town(beads, agents, { rigs }));
	const back = reconcile(town([...beads].reverse(), [...agents].reverse(), { rigs }));
	const sorted = (actions: typeof there) => actions.map((action) => JSON.stringify(action)).sort();
	expect(sorted(back)).toEqual(sorted(there));
	expect(there.filter(({ type }) => type === "hook_agent")).toMatchObject([
		{ agent: "maple", bead: "e" },
		{ agent: "toast", bead: "c" },
	]);
});
