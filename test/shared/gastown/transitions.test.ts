import { describe, expect, test } from "vitest";
import {
	AGENT_MOVES, AGENT_STATUSES, AGENT_TRANSITIONS, ATTEMPT_MOVES, ATTEMPT_STATES, ATTEMPT_TRANSITIONS, BEAD_MOVES,
	BEAD_STATUSES, BEAD_TRANSITIONS, CONVOY_MOVES, CONVOY_STATES, CONVOY_TRANSITIONS, ESCALATION_MOVES, ESCALATION_STATES,
	ESCALATION_TRANSITIONS, HOOK_MOVES, HOOK_STATES, HOOK_TRANSITIONS, isTerminal, type Moved, moveAgent, moveAttempt, moveBead,
	moveConvoy, moveEscalation, moveHook, moveReview, moveTowards, REVIEW_MOVES, REVIEW_STATES, REVIEW_TRANSITIONS,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list

/**
 * Every cell of every table, written a second time by hand: a row per event, a column per state, `-` where it is refused.
 * The tables are read from domain.md §2.4, §2.5, §2.7 to §2.10.
 */
const BEADS = `
	event         open         in_progress  in_review  closed  failed
	hook          open         -            -          -       -
	unhook        open         open         in_review  closed  failed
	dispatch      in_progress  in_progress  -          -       -
	start_failed  -            open         -          -       -
	exhaust       failed       failed       -          -       -
	submit        -            in_review    -          -       -
	finish        -            closed       -          -       -
	release       open         open         open       -       -
	crash         failed       failed       -          -       -
	timeout       failed       failed       failed     -       -
	merge         closed       closed       closed     -       -
	reject        -            -            open       -       -
	close         closed       closed       closed     -       -
	fail          failed       failed       failed     -       -
	reopen        -            -            -          open    open
	resubmit      in_review    -            -          in_review  in_review`;
const AGENTS = `
	event         idle     working  waiting  stalled  dead
	hook          idle     -        -        -        -
	unhook        idle     idle     idle     idle     -
	dispatch      working  -        working  -        -
	start_failed  -        idle     -        -        -
	done          idle     idle     idle     idle     -
	exit          idle     idle     idle     idle     dead
	lost          idle     idle     idle     idle     dead
	stall         -        stalled  -        -        -
	recover       -        -        -        idle     -
	session_idle  -        waiting  waiting  waiting  -
	session_busy  -        working  working  working  -
	reset         idle     idle     idle     idle     -
	retire        dead     dead     dead     dead     -`;
const HOOKS = `
	event         empty   hooked      dispatched
	hook          hooked  -           -
	unhook        -       empty       empty
	dispatch      -       dispatched  -
	start_failed  -       -           hooked
	done          -       empty       empty
	exit          empty   hooked      hooked
	drop          empty   empty       empty`;
const ATTEMPTS = `
	event   starting  started  failed  refused  ended
	start   started   -        -       -        -
	fail    failed    -        -       -        -
	refuse  refused   -        -       -        -
	end     ended     ended    -       -        -`;

const REVIEWS = `
	event       queued   reviewing  watched  closed  failed
	open_pr     -        watched    -        -       -
	poll        -        reviewing  watched  -       -
	merge       closed   closed     closed   -       -
	fail        failed   failed     failed   -       -
	conflict    failed   failed     failed   -       -
	recover     -        queued     -        -       -
	retry       queued   queued     queued   -       queued
	ask_rework  queued   queued     watched  -       queued
	link        watched  -          watched  -       failed`;
const CONVOYS = `
	event           staged   working  ready    landing  landed  closed  failed
	start           working  -        -        -        -       -       -
	count           staged   working  ready    landing  landed  -       -
	add             staged   working  working  -        -       -       -
	remove          staged   working  ready    landing  -       -       -
	get_ready       -        ready    -        -        -       -       -
	hold            -        -        working  -        -       -       -
	land            -        -        landing  -        -       -       -
	landing_merged  -        -        -        landed   landed  closed  failed
	landing_failed  -        -        -        ready    landed  closed  failed
	close           closed   closed   closed   closed   closed  -       -
	finish          -        closed   closed   -        closed  -       -
	fail            -        -        failed   -        -       -       -
	retry           -        -        ready    -        -       -       ready`;
const ESCALATIONS = `
	event        unseen        acknowledged  closed  failed
	acknowledge  acknowledged  -             -       -
	raise        unseen        -             -       -`;

const cells = (text: string) => {
	const [head = [], ...rows] = text
		.trim()
		.split("\n")
		.map((line) => line.trim().split(/\s+/));
	return rows.flatMap(([event = "", ...to]) =>
		head.slice(1).map((from, n) => ({ from, event, to: to[n] ?? "" })),
	);
};

const machines: [
	string,
	string,
	object,
	readonly string[],
	readonly string[],
	(f: string, e: string) => Moved<string>,
][] = [
	["bead", BEADS, BEAD_TRANSITIONS, BEAD_STATUSES, BEAD_MOVES, moveBead as never],
	["agent", AGENTS, AGENT_TRANSITIONS, AGENT_STATUSES, AGENT_MOVES, moveAgent as never],
	["hook", HOOKS, HOOK_TRANSITIONS, HOOK_STATES, HOOK_MOVES, moveHook as never],
	["review", REVIEWS, REVIEW_TRANSITIONS, REVIEW_STATES, REVIEW_MOVES, moveReview as never],
	["convoy", CONVOYS, CONVOY_TRANSITIONS, CONVOY_STATES, CONVOY_MOVES, moveConvoy as never],
	[
		"escalation",
		ESCALATIONS,
		ESCALATION_TRANSITIONS,
		ESCALATION_STATES,
		ESCALATION_MOVES,
		moveEscalation as never,
	],
	["dispatch attempt", ATTEMPTS, ATTEMPT_TRANSITIONS, ATTEMPT_STATES, ATTEMPT_MOVES, moveAttempt as never],
];

describe.each(machines)("TOWN-1: the states of a %s", (noun, text, table, states, events, move) => {
	test("have a cell for every state and event, and each is as written here", () => {
		const written = cells(text);
		expect(Object.keys(table)).toEqual([...states]);
		expect(written).toHaveLength(states.length * events.length);
		expect(new Set(written.map(({ from, event }) => `${from} ${event}`)).size).toBe(written.length);
		for (const { from, event, to } of written) {
			const moved = move(from, event);
			expect(moved.ok ? moved.to : "-", `${from} ${event}`).toBe(to);
		}
	});

	test("refuse by naming where it was, what was tried and why", () => {
		for (const { from, event, to } of cells(text)) {
			if (to !== "-") continue;
			const moved = move(from, event);
			expect(moved).toMatchObject({ ok: false, code: "illegal-move", from, event });
			if (!moved.ok)
				expect(moved.message).toContain(`"${event}" is not possible for a ${noun} that is "${from}": `);
		}
	});

	test("refuse an unknown state by its name", () => {
		for (const from of ["quarantined", "constructor", ""])
			expect(move(from, events[0] ?? "")).toMatchObject({ ok: false, code: "unknown-state", from });
	});
});

test("TOWN-1: a bead moves towards a named status by one legal move, and never on from an end but by reopening", () => {
	for (const from of BEAD_STATUSES)
		for (const to of BEAD_STATUSES) {
			const move = moveTowards(from, to);
			const moved = moveBead(from, move);
			if (moved.ok) expect(moved.to).toBe(to);
			if (isTerminal(from) && to !== "open") expect(moved.ok).toBe(false);
		}
	expect(moveTowards("closed", "open")).toBe("reopen");
	expect(moveTowards("in_progress", "open")).toBe("release");
});
