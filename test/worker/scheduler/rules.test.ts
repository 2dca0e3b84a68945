import { expect, test } from "vitest";
import { DEFAULT_THRESHOLDS, limitsOf } from "../../../shared/gastown/index.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { AgentNow, BeadNow, SchedulerState } from "../../../worker/town/scheduler/state.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

const bead = (id: string, more: Partial<BeadNow> = {}): BeadNow => ({
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
		updated_at: NOW,
		status_since: NOW,
		held: false,
	},
	...more,
});
const agent = (id: string, more: Partial<AgentNow> = {}): AgentNow => ({
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
	...more,
});
const working = (id: string, hook: string, more: Partial<AgentNow> = {}): AgentNow =>
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

function town(beads: BeadNow[], agents: AgentNow[], more: Partial<SchedulerState> = {}): SchedulerState {
	return {
		...{
			now: NOW,
			thresholds: DEFAULT_THRESHOLDS,
			pauseUntil: null,
			drainSince: null,
			tokenGivenAt: NOW,
			idleSince: null,
		},
		holds: {
			draining: false,
			billingBlocked: false,
			pausedByUser: false,
			pausedUntil: null,
			failingBeads: 0,
		},
		container: {
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
		...more,
	} as SchedulerState;
}
const types = (state: SchedulerState) => reconcile(state).map(({ type }) => type);

test.each<[string, SchedulerState, string[]]>([
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
			holds: {
				draining: true,
				billingBlocked: false,
				pausedByUser: false,
				pausedUntil: null,
				failingBeads: 0,
			},
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
	const there = reconcile(town(beads, agents));
	const back = reconcile(town([...beads].reverse(), [...agents].reverse()));
	const sorted = (actions: typeof there) => actions.map((action) => JSON.stringify(action)).sort();
	expect(sorted(back)).toEqual(sorted(there));
	expect(there.filter(({ type }) => type === "hook_agent")).toMatchObject([
		{ agent: "maple", bead: "e" },
		{ agent: "toast", bead: "c" },
	]);
});
