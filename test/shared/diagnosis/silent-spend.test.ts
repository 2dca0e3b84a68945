import { expect, test } from "vitest";
import { aRequest, failedWith, said, used } from "./states/rows.ts";
import { churned, idle, looping, sentBack, states, zombie } from "./states/scenario-8.ts";
import { rootsOf, testStates, toldOf } from "./states/tell.ts";
import { aBead, before, NOW, works } from "./town.ts";

/** Its turn has done nothing for 40 minutes, unless it says otherwise. */
const hung = (mayor: object = {}, signals: object = {}) => ({
	mayor: { last_event_at: before(40), ...mayor },
	signals: { turn_since: NOW - 41 * 60_000, ...signals },
});

testStates(states, {
	"spend.zombie-agent": {
		sentence: "Toast has had no work for 12 min, and its process goes on spending: $0.21 in its session",
		recovers: "button",
		silent: {
			"it has work": () => zombie(works("c")),
			"it has no process": () => zombie({ container_process_id: null }),
			"its work ended a minute ago": () => zombie({ status_since: before(1) }),
			"it is a refinery in its time": () => zombie({ role: "refinery", status_since: before(9) }),
			"it is the mayor": () => zombie({ role: "mayor", status: "waiting" }),
			"it is triage": () => zombie({ role: "triage" }),
			"it used nothing since": () => zombie({}, [used("a1", { at: before(13) })]),
			"its last words came in its time": () => zombie({}, [used("a1", { at: before(11) })]),
			"nothing is heard of it": () => zombie({ last_activity_at: before(9) }),
			"the container is at rest": () => zombie({}, [used("a1")], { status: "sleeping" }),
		},
		otherwise: {
			"its price is not known": () => zombie({}, [used("a1", { cost: 0 })]),
			"it used more": () => zombie({}, [used("a1"), used("a2")]),
		},
	},
	"spend.retry-loop": {
		sentence:
			'"Bead b" was started 3 times and costs without getting on: $0.72 so far, last exit code 1: tests fail',
		recovers: "self",
		behind: ["waits"],
		silent: {
			"it was started twice": () => looping({ dispatch_attempts: 2 }),
			"its starts used nothing": () => looping({}, []),
			"one of its starts used nothing": () => looping({}, [used("a1"), used("a2"), used("a3", { output_tokens: 0 })]),
			"it is in review": () => looping({ status: "in_review" }),
			"it has failed": () => looping(failedWith("agent_failed", "x")),
		},
		otherwise: {
			"how it ended is not known": () => looping({ last_dispatch_error: null }),
			"older starts are of another story": () => looping({}, [used("a0", { at: before(50) }), used("a1", { at: before(40) }), used("a2"), used("a3")]),
		},
	},
	"spend.review-churn": {
		sentence: '"Bead b" was reviewed 4 times and sent back 3 times: $0.84 for the reviews alone',
		recovers: "button",
		behind: ["b"],
		params: { "review.close": { source: "fail" } },
		silent: {
			"it was sent back twice": () => churned({ first: { status: "closed" } }),
			"it conflicted instead": () => churned({ second: failedWith("merge_conflict", "x") }),
			"its work is done": () => churned({ work: { status: "closed", closed_at: before(1) } }),
			"its work has failed": () => churned({ work: failedWith("agent_failed", "x") }),
		},
		otherwise: {
			"no usage was told": () => churned({ usage: [] }),
			"no review is under way": () => churned({ newest: sentBack(2), work: { status: "open" } }),
			"it said nothing": () => churned({ third: { metadata: { failure_reason: { code: "review_failed", message: "", source: "x" } } } }),
		},
	},
	"spend.idle-container": {
		sentence:
			"The container has run for 45 min without work, about $0.08: the Mayor, marked as working without a turn, keeps it awake",
		recovers: "button",
		behind: ["mayor"],
		silent: {
			"an agent works": () => idle({ toast: works("b") }),
			"the Mayor answers": () => idle({ signals: { turn_since: NOW - 60_000 } }),
			"the Mayor has answered for long": () => idle(hung({}, { last_step_at: NOW - 60_000 })),
			"the Mayor's turn waits for a tool": () => idle(hung({ active_tools: ["bash"] })),
			"the Mayor's turn waits for a person": () =>
				idle(hung({}, { pending_permission: { id: "p", permission: "bash", patterns: [], since: NOW } })),
			"the Mayor answered a moment ago": () => idle({ signals: { last_step_at: NOW - 60_000 } }),
			"the user has just spoken": () => idle({ nudges: [said("n")] }),
			"work ended a moment ago": () => idle({ toast: { status_since: before(8) } }),
			"it runs since a moment": () => idle({ container: { since: before(8) } }),
			"it sleeps": () => idle({ container: { status: "sleeping" } }),
			"work is ready": () => idle({ beads: [aBead("b")] }),
		},
		otherwise: {
			"a process is left": () => idle({ toast: { container_process_id: "4121" } }),
			"the Mayor's turn hangs": () => idle(hung()),
			"nothing is known to keep it": () => idle({ mayor: { status: "waiting" } }),
			"the user never spoke": () => idle({ nudges: [] }),
		},
	},
}); // biome-ignore format: tables

test("DIAG-2: an agent that spends without work is what keeps the container awake: one line", () => {
	const view = zombie({}, [used("a1")], { since: before(90) });
	const maple = view.tables.agent_metadata.get("maple");
	view.tables.agent_metadata.set("maple", { ...maple, status: "idle", current_hook_bead_id: null } as never);
	view.tables.beads.delete("c");
	expect(rootsOf(view)).toEqual(["spend.zombie-agent"]);
});

test("DIAG-1: where no review is under way the work itself is ended", () => {
	const view = churned({ newest: sentBack(2), work: { status: "open" } });
	expect(toldOf(view, "spend.review-churn")?.remedy).toEqual([
		{ name: "bead.fail", target: "b", params: {} },
	]);
});

test("DIAG-1: reworks that one merge request waited for count as reviews that asked for changes", () => {
	const rework = (id: string) => aBead(id, { labels: ["gt:rework"], status: "closed", closed_at: before(5) });
	const view = churned({ first: { status: "closed" }, more: [rework("w1"), aRequest("m9")] });
	expect(toldOf(view, "spend.review-churn")).toBeUndefined();
	const { bead_dependencies } = view.tables;
	const row = { bead_id: "m4", depends_on_bead_id: "w1", dependency_type: "blocks" };
	bead_dependencies.set(JSON.stringify(["m4", "w1"]), row as never);
	view.indexes.dependencies.get("m4")?.add(JSON.stringify(["m4", "w1"]));
	expect(toldOf(view, "spend.review-churn")?.sentence).toContain("sent back 3 times");
});
