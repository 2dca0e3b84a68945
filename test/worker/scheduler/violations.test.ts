import { expect, it, test } from "vitest";
import { limitsOf } from "../../../shared/gastown/index.ts";
import type { SchedulerState } from "../../../worker/town/scheduler/state.ts";
import { violationsOf } from "../../../worker/town/scheduler/violations.ts";
import { townValue } from "../../../worker/town/town-state.ts";
import { workingTown } from "../town/support.ts";
import { agent, bead, MINUTE, NOW, review, town, working } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const mergeRequests = (strategy: "direct" | "pr", status = "in_progress") =>
	town(
		["m1", "m2"].map((id) => bead(id, { type: "merge_request", status })),
		[],
		{
			rigs: new Map([
				[
					"r",
					{
						id: "r",
						name: "shop",
						default_branch: "main",
						limits: limitsOf({ merge_strategy: strategy }, {}),
					},
				],
			]),
		},
	);
const idleWithProcess = (ms: number, more: object = {}) =>
	town([], [agent("toast", { process: "7", heartbeat_at: NOW, status_since: NOW - ms, ...more })]);

test.each<[string, SchedulerState, string[]]>([
	[
		"a town in order",
		town(
			[bead("b", { status: "in_progress", assignee: "toast" }), bead("c", { status: "in_review" })],
			[working("toast", "b"), agent("maple")],
			{ reviews: new Map([["m", review("m", { source: "c" })]]) },
		),
		[],
	],
	[
		"in review without a merge request",
		town([bead("b", { status: "in_review" })], []),
		['"b" is in review and no merge request is open for it (#4)'],
	],
	[
		"a bead on two hooks",
		town(
			[bead("b", { status: "in_progress", assignee: "toast" })],
			[working("toast", "b"), working("maple", "b")],
		),
		['"b" is on maple\'s hook and assigned to another', '"b" is on the hooks of toast and maple (#6)'],
	],
	[
		"at work without a bead",
		town([], [agent("toast", { status: "working" })]),
		["toast works without a bead on its hook (#7)"],
	],
	["a mayor needs none", town([], [agent("mayor", { status: "working", role: "mayor" })]), []],
	[
		"a hook whose bead has ended",
		town([], [agent("toast", { hook: "b" })]),
		["toast has a bead on its hook that has ended or does not exist"],
	],
	[
		"a process that outlives its grace",
		idleWithProcess(3 * MINUTE),
		["toast has had a process for more than 2 min without a bead on its hook"],
	],
	["not within it", idleWithProcess(MINUTE), []],
	["a refinery's is longer", idleWithProcess(3 * MINUTE, { role: "refinery" }), []],
	["one that beats no more is none", idleWithProcess(3 * MINUTE, { heartbeat_at: NOW - 10 * MINUTE }), []],
	[
		"two reviews at once where the refinery merges",
		mergeRequests("direct"),
		["2 merge requests of rig shop are in progress at once (#3)"],
	],
	["as many as there are where PRs do", mergeRequests("pr"), []],
])("SCHED-7: %s", (_, state, expected) => {
	expect(violationsOf(state)).toEqual(expected);
});

test("SCHED-7: a town with more than can be read says how many", () => {
	const state = town(
		Array.from({ length: 30 }, (_, n) => bead(`b${n}`, { status: "in_review" })),
		[],
	);
	expect(violationsOf(state)).toHaveLength(21);
	expect(violationsOf(state).at(-1)).toBe("and 10 more");
});

it("SCHED-7 SCHED-5: what is broken is written when it changes, once, and what is mended goes", async () => {
	const made = await workingTown("s-broken", NOW);
	await made.inside(async (_, ctx) => {
		const kit = schedulerOf("s-broken", ctx, NOW);
		kit.town.sql.run(
			"UPDATE beads SET status = 'in_review', status_since = ? WHERE bead_id = 'bead-1'",
			new Date(NOW).toISOString(),
		);
		await kit.run(MINUTE);
		const broken = ['"Fix the door" is in review and no merge request is open for it (#4)'];
		expect(townValue(kit.town, "scheduler")?.violations).toEqual(broken);
		const logged = kit.logged();
		await kit.run(4 * MINUTE - 1);
		expect(kit.logged()).toBe(logged);
		await kit.run(6 * MINUTE);
		expect(townValue(kit.town, "scheduler")?.violations).toEqual([]);
	});
});
