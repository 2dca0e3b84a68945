import { expect, test } from "vitest";
import { limitsOf } from "../../../shared/gastown/index.ts";
import type { Action } from "../../../worker/town/scheduler/actions.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { SchedulerState } from "../../../worker/town/scheduler/state.ts";
import { agent, bead, convoy, iso, MINUTE, NOW, nudge, review, town, working } from "./builders.ts";

type Row = [string, SchedulerState, Action["type"][]];
const types = (state: SchedulerState) => reconcile(state).map(({ type }) => type);
const container = town([], []).container as NonNullable<SchedulerState["container"]>;

const mergeRequest = (more: Parameters<typeof bead>[1] = {}) =>
	bead("mr", { type: "merge_request", status: "in_review", ...more });
const inReview = (of: Partial<ReturnType<typeof review>>, more: Parameters<typeof mergeRequest>[0] = {}) =>
	town([mergeRequest(more)], [], { reviews: new Map([["mr", review("mr", of)]]) });
const pr = { pr_url: "https://example.test/o/r/pull/1", pr_state: "open", last_poll_at: NOW };
const auto = (state: SchedulerState): SchedulerState => ({
	...state,
	rigs: new Map([
		[
			"r",
			{
				id: "r",
				name: "shop",
				default_branch: "main",
				limits: limitsOf({ auto_merge_delay_minutes: 5 }, {}),
			},
		],
	]),
});

test.each<Row>([
	["a PR is asked after once a minute", inReview({ ...pr, last_poll_at: NOW - MINUTE }), ["poll_pr"]],
	["and not before", inReview(pr), []],
	["a clean PR is noted", auto(inReview({ ...pr, mergeable_state: "clean" })), ["note_ready_to_merge"]],
	[
		"a PR that is no longer clean is noted",
		auto(inReview({ ...pr, mergeable_state: "blocked", auto_merge_ready_since: NOW - MINUTE })),
		["note_ready_to_merge"],
	],
	[
		"a PR that was clean for its delay is merged",
		auto(inReview({ ...pr, mergeable_state: "clean", auto_merge_ready_since: NOW - 5 * MINUTE })),
		["merge_pr"],
	],
	[
		"a review whose reviewer is gone goes back",
		inReview({}, { status: "in_progress", status_since: NOW - 3 * MINUTE }),
		["recover_review"],
	],
	[
		"work in review without a merge request goes back",
		town([bead("b", { status: "in_review", status_since: NOW - 6 * MINUTE })], []),
		["recover_source"],
	],
	[
		"work in review with one stays",
		town([bead("b", { status: "in_review", status_since: NOW - 6 * MINUTE }), mergeRequest()], [], {
			reviews: new Map([["mr", review("mr", { ...pr, source: "b" })]]),
		}),
		[],
	],
])("REVIEW-1: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});

const inConvoy = (
	of: Partial<ReturnType<typeof convoy>>,
	member = "closed",
	more: ReturnType<typeof bead>[] = [],
) =>
	town([bead("c", { type: "convoy" }), bead("b", { status: member }), ...more], [], {
		convoys: new Map([["c", convoy("c", of)]]),
		members: new Map([["c", ["b"]]]),
	});
const ready = { ready_to_land: true };

test.each<Row>([
	["its counters follow its members", inConvoy({ closed_beads: 0, staged: true }), ["update_convoy"]],
	["all members merged make it ready to land", inConvoy({}), ["set_ready_to_land"]],
	["a failed member holds it", inConvoy({ closed_beads: 0 }, "failed"), []],
	["a staged one stays", inConvoy({ staged: true }), []],
	["what is ready is landed", inConvoy(ready), ["create_landing"]],
	[
		"one landing at a time",
		inConvoy(ready, "closed", [
			bead("l", { type: "merge_request", status: "in_review", metadata: { landing_for: "c" } }),
		]),
		[],
	],
	[
		"a landing that failed waits",
		inConvoy({ ...ready, landing_attempts: 1, last_landing_attempt_at: NOW - 1_000 }),
		[],
	],
	["landings that are used up fail it", inConvoy({ ...ready, landing_attempts: 5 }), ["fail_convoy"]],
	["what has landed is closed", inConvoy({ ...ready, landed_at: NOW }), ["close_convoy"]],
	[
		"what lands bead by bead is closed with the last",
		inConvoy({ merge_mode: "review-and-merge" }),
		["close_convoy"],
	],
])("SCHED-1: of a convoy: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});

const silent = (ms: number, more: object = {}) =>
	town([], [], { container: { ...container, heard_at: NOW - ms, ...more } });
const work = bead("b");
const died = (more: object) =>
	town([work], [agent("toast")], { container: { ...container, status: "died", ...more } });
const failures = { health: { failures: 3, since: iso(NOW), error: "no answer" } };

test.each<Row>([
	[
		"a platform that goes by another time than the town is told",
		silent(0, { sleep_after_ms: null }),
		["set_sleep_after"],
	],
	["a silent container is asked", silent(31_000), ["check_container"]],
	["one that does not answer is started anew", silent(91_000, failures), ["restart_container"]],
	[
		"never beyond its budget",
		silent(91_000, { ...failures, restarts_in_window: 3, window_started_at: iso(NOW - 20 * MINUTE) }),
		[],
	],
	[
		"one that drains and is never told to have ended is started anew",
		silent(91_000, { ...failures, status: "draining" }),
		["restart_container"],
	],
	["one that just came up has time", silent(31_000, { since: iso(NOW - 40_000) }), []],
	["one that died is started for work", died({}), ["start_container"]],
	["not at once after the last time", died({ last_restart_at: iso(NOW - 1_000) }), []],
	["not beyond the budget", died({ restarts_in_window: 3, window_started_at: iso(NOW - MINUTE) }), []],
	["nor without work", town([], [], { container: { ...container, status: "died" } }), []],
	[
		"one that drains takes no work, and no other is started beside it",
		town([work], [agent("toast")], { container: { ...container, status: "draining" } }),
		[],
	],
	[
		"its token is replaced each hour",
		town([], [], { tokenGivenAt: NOW - 61 * MINUTE }),
		["refresh_container_token"],
	],
	["a pause ends when it is over", town([], [], { pauseUntil: NOW }), ["end_pause"]],
	["and not before", town([], [], { pauseUntil: NOW + 1, containerPauseUntil: NOW + 1 }), []],
	["a drain that nobody acknowledges ends", town([], [], { drainSince: NOW - 8 * MINUTE }), ["clear_drain"]],
])("SCHED-4: of the container: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});

/** The run policy holds everything, whoever set it. */
const paused = (more: Partial<SchedulerState> = {}) =>
	town([work], [agent("toast")], { holds: { ...town([], []).holds, paused: true }, ...more });

test.each<Row>([
	["one that is paused is stopped, whatever waits", paused(), ["stop_container"]],
	[
		"it is not told again where it has stopped",
		paused({ container: { ...container, status: "stopped" } }),
		[],
	],
	["nor is it started, though it died", paused({ container: { ...container, status: "died" } }), []],
	["nor for a message", paused({ container: null, nudges: [nudge("mayor")], mayor: "mayor" }), []],
])("SCHED-4: of a paused container: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});

test("LEDGER-10: each pause that an admin made ends for itself", () => {
	const ended = (more: Partial<SchedulerState>) =>
		reconcile(town([], [], more)).flatMap((action) => (action.type === "end_pause" ? [action.of] : []));
	expect(ended({ pauseUntil: NOW })).toEqual(["dispatch"]);
	expect(ended({ containerPauseUntil: NOW })).toEqual(["container"]);
	expect(ended({ pauseUntil: NOW, containerPauseUntil: NOW - 1 })).toEqual(["dispatch", "container"]);
});

const mayor = agent("mayor", { role: "mayor", rig_id: null });
const said = (more: Partial<SchedulerState>) => town([], [mayor], { mayor: "mayor", ...more });

test.each<Row>([
	["a mayor with a message gets a session", said({ nudges: [nudge("mayor")] }), ["dispatch_agent"]],
	[
		"its owner's word wakes the container",
		said({ nudges: [nudge("mayor")], container: null }),
		["start_container"],
	],
	[
		"a note of the town does not",
		said({ nudges: [nudge("mayor", { source: "escalation" })], container: null }),
		[],
	],
	[
		"nor does a warning of its watchdog",
		said({ nudges: [nudge("mayor", { source: "gupp:warn" })], container: null }),
		[],
	],
	[
		"an admin's word wakes the container",
		said({ nudges: [nudge("mayor", { source: "admin" })], container: null }),
		["start_container"],
	],
	[
		"one for another agent does not",
		said({ nudges: [nudge("toast", { source: "admin" })], container: null }),
		[],
	],
	[
		"one that was delivered does not",
		said({ nudges: [nudge("mayor", { source: "admin", status: "delivered" })], container: null }),
		[],
	],
	[
		"a session that is being ended takes none",
		town([], [working("toast", "x", { held: true })], { nudges: [nudge("toast")] }),
		[],
	],
	[
		"nor is a mayor started whose last session is being ended",
		said({ agents: new Map([["mayor", { ...mayor, held: true }]]), nudges: [nudge("mayor")] }),
		[],
	],
	[
		"a message goes into a session that is alive",
		town([], [working("toast", "x")], { nudges: [nudge("toast")] }),
		["deliver_nudge"],
	],
	[
		"one that nobody took in time expires",
		town([], [], { nudges: [nudge("toast", { expires_at: NOW })] }),
		["expire_nudge"],
	],
])("SCHED-2: of messages: %s", (_, state, expected) => {
	expect(types(state)).toEqual(expected);
});
