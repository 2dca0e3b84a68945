import { expect, test } from "vitest";
import { byQueue, headOf } from "../../../shared/gastown/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf, type TownView } from "../../../shared/town-view/index.ts";
import { aBead, anAgent, before, blocks, container, townOf, value, works } from "../diagnosis/town.ts";

/** What the page shows of one button, with the town as it is. */
function button(view: TownView, name: string, target: string, given: Record<string, unknown> = {}) {
	const entry = CATALOGUE[name];
	if (!entry) throw new Error(`no entry ${name}`);
	const params = entry.params.parse(given);
	const look = lookupOf(view);
	const verdict = entry.precondition(target, params, look);
	return {
		label: entry.label(target, params, look),
		why: verdict.ok ? null : verdict.code,
		danger: entry.danger(target, params, look),
		...entry.preview(target, params, look),
		effects: entry.effects(target, params, look, "order-1").map(({ label }) => label),
		outside: entry.outside(target, params, look, "order-1"),
		undo: entry.undo(target, params, look),
	};
}

const tracks = (bead_id: string, depends_on_bead_id: string) => ({
	bead_id,
	depends_on_bead_id,
	dependency_type: "tracks",
});
const review = (bead_id: string, row: Record<string, unknown> = {}) => ({
	...{
		bead_id,
		branch: `polecat/${bead_id}`,
		target_branch: "main",
		merge_commit: null,
		pr_url: null,
		retry_count: 0,
	},
	...{ auto_merge_ready_since: null, last_feedback_check_at: null, pr_state: null, mergeable_state: null },
	...{ last_poll_at: null, poll_failures: 0, poll_error_kind: null, poll_error: null, conflict_files: [] },
	...{ queue_at: null, change: null, ...row },
});
const mr = (bead_id: string, row: Record<string, unknown> = {}) =>
	aBead(bead_id, { type: "merge_request", title: `Merge ${bead_id}`, ...row });
const change = {
	...{ at: before(1), head: "9f3c21ab".padEnd(40, "0"), ahead: 2, behind: 1, total: 1 },
	...{
		files: [{ path: "a.js", additions: 4, deletions: 2 }],
		patch: "",
		checks: { total: 3, pending: 0, failed: ["lint"] },
	},
};

/** One merge request under review, one that waits, one that failed in a conflict, one with a pull request. */
const town = (rows: Record<string, Record<string, unknown>> = {}) =>
	townOf({
		rigs: [
			{
				id: "api",
				name: "api",
				git_url: "https://forge.example/o/shop.git",
				default_branch: "main",
				config: {},
				platform_integration_id: null,
				created_at: before(99),
			},
		],
		agent_metadata: [anAgent("toast"), anAgent("ref", { role: "refinery", ...works("now") })],
		beads: [
			...["a", "b", "c", "d"].map((id) =>
				aBead(id, { status: id === "c" ? "open" : "in_review", ...rows[id] }),
			),
			mr("now", { status: "in_progress", assignee_agent_bead_id: "ref", ...rows.now }),
			mr("next", { metadata: { source_agent_id: "toast" }, ...rows.next }),
			mr("lost", {
				status: "failed",
				metadata: { failure_reason: { code: "merge_conflict", message: "a.js", source: "refinery" } },
				...rows.lost,
			}),
			mr("pull", { status: "in_review", ...rows.pull }),
		],
		bead_dependencies: [tracks("now", "a"), tracks("next", "b"), tracks("lost", "c"), tracks("pull", "d")],
		review_metadata: [
			review("now", { change }),
			review("next"),
			review("lost"),
			review("pull", { pr_url: "https://forge.example/o/shop/pull/7", pr_state: "open", ...rows.pr }),
		],
		town_state: [container()],
	});

test("a retry is refused where it would conflict again, unless its branch was mended by hand", () => {
	expect(button(town(), "review.retry", "lost").why).toBe("would-conflict");
	const mended = button(town(), "review.retry", "lost", { mended: true });
	expect(mended).toMatchObject({ why: null, danger: "disruptive", undo: null });
	expect(mended.will).toContain('Put "Bead c" from Open back to In review.');
	expect(button(town({ c: { status: "closed" } }), "review.retry", "lost", { mended: true }).why).toBe(
		"source-done",
	);
});

test("a retry ends the review under way, keeps a pull request that answers and forgets one that does not", () => {
	expect(button(town(), "review.retry", "now").will.slice(0, 2)).toEqual([
		"End Ref's session and process 4121.",
		"Take Ref off it.",
	]);
	expect(button(town(), "review.retry", "next").why).toBe("there");
	expect(button(town(), "review.retry", "pull").why).toBe("watched");
	const wrong = town({ pr: { poll_failures: 2 } });
	expect(button(wrong, "review.retry", "pull").will).toContain(
		"Forget its pull request https://forge.example/o/shop/pull/7, which cannot be asked after.",
	);
});

test("changes are asked of the author where it is free, and the merge request waits for them", () => {
	const { will, effects } = button(town(), "review.request-rework", "next", {
		message: "Use the other helper.",
	});
	expect(will[0]).toBe("Make a rework bead on its branch for Toast, which spends money.");
	expect(effects).toEqual(["the rework bead is there", "the merge request waits for it"]);
});

test("what is merged by hand was asked of the forge before, and is told with its checks; only that commit is meant", () => {
	expect(button(town(), "review.merge", "next").why).toBe("not-asked");
	const { danger, will, outside } = button(town(), "review.merge", "now");
	expect(danger).toBe("destructive");
	expect(will).toEqual([
		"End Ref's session and process 4121.",
		"Merge polecat/now at 9f3c21ab into main at the forge, without a review: 2 commits, 1 file, +4 −2, as asked at 11:59:00 UTC.",
		"2 of 3 checks passed, failed: lint.",
		"It is 1 commit behind main.",
		'Close "Bead a" as done.',
	]);
	expect(outside).toEqual([
		{ kind: "stop-agent", agent: "ref", bead: "now" },
		{ kind: "merge-pr", review: "now", head: change.head },
	]);
});

test("a pull request that is linked belongs to the rig's repository", () => {
	const why = (url: string) => button(town(), "review.link-pr", "pull", { url }).why;
	expect(why("nonsense")).toBe("no-pull-url");
	expect(why("https://evil.example/o/shop/pull/1")).toBe("other-repository");
	expect(why("https://forge.example/o/shop/pull/7")).toBe("same");
	expect(why("https://forge.example/o/shop/pull/8")).toBe(null);
});

test("ending a review without a merge says what becomes of its work; clearing a queue names each", () => {
	expect(button(town(), "review.close", "pull", { source: "fail" })).toMatchObject({
		will: ["Put it from In review to Failed; nothing of it is merged.", 'Put "Bead d" to Failed.'],
		wont: ["Close its pull request at the forge."],
	});
	expect(button(town(), "review.clear-queue", "api")).toMatchObject({
		danger: "destructive",
		will: [
			'Put 1 waiting merge request to Failed: "Merge next".',
			"Put 1 bead back to Open, to be done again, which spends money.",
		],
	});
	expect(button(town(), "review.set-strategy", "api", { strategy: "pr" }).undo).toEqual({
		name: "review.set-strategy",
		params: { strategy: null },
	});
});

const convoyTown = (members: Record<string, string>, of: Record<string, unknown> = {}, status = "open") =>
	townOf({
		beads: [
			...Object.entries(members).map(([id, status]) => aBead(id, { status, metadata: { convoy_id: "v" } })),
			aBead("v", { type: "convoy", title: "login", status }),
			aBead("new"),
		],
		convoy_metadata: [
			{
				...{
					bead_id: "v",
					total_beads: 3,
					closed_beads: 1,
					landed_at: null,
					feature_branch: "convoy/login",
					staged: 0,
				},
				...{
					merge_mode: "review-then-land",
					ready_to_land: 0,
					landing_attempts: 0,
					last_landing_attempt_at: null,
				},
				...{ last_landing_error: null, ...of },
			},
		],
		bead_dependencies: Object.keys(members).map((id) => tracks(id, "v")),
		town_state: [container()],
	});

test("CONVOY-1: dropping the member that holds a convoy lands it, which is said before", () => {
	const held = convoyTown({ a: "closed", b: "failed" });
	const drop = button(held, "convoy.drop-bead", "v", { bead: "b" });
	expect(drop).toMatchObject({ why: null, danger: "disruptive", undo: null });
	expect(drop.will[1]).toMatch(/^Land it: /);
	expect(button(convoyTown({ a: "open", b: "open" }), "convoy.drop-bead", "v", { bead: "b" })).toMatchObject({
		danger: "safe",
		undo: { name: "convoy.add-bead", params: { bead: "b" } },
	});
	expect(button(held, "convoy.recount", "v").will[0]).toBe(
		"Set its counters from 1 of 3 to 1 of 2, which is what exists.",
	);
	expect(button(held, "convoy.add-bead", "v", { bead: "new" }).why).toBe(null);
	expect(button(held, "convoy.add-bead", "v", { bead: "b" }).why).toBe("member");
});

test("CONVOY-1: a landing is retried when its attempts are used up, and only of what is whole", () => {
	const failed = convoyTown({ a: "closed" }, { ready_to_land: 1, landing_attempts: 5 }, "failed");
	expect(button(failed, "convoy.retry-landing", "v").will).toEqual([
		"Put it from Failed back to Open.",
		"Clear its 5 landing attempts and its back-off.",
		"Make a merge request of convoy/login, which is reviewed and spends money.",
	]);
	expect(button(convoyTown({ a: "open" }, { ready_to_land: 1 }), "convoy.retry-landing", "v").why).toBe(
		"not-closed",
	);
	expect(button(convoyTown({ a: "open" }), "convoy.close", "v").danger).toBe("disruptive");
	expect(button(convoyTown({ a: "open" }), "convoy.close", "v", { members: "close" }).danger).toBe(
		"destructive",
	);
	expect(button(convoyTown({ a: "open" }, { staged: 1 }), "convoy.start", "v").will).toEqual([
		"Let 1 bead of it start, each in its turn, which spends money.",
	]);
});

test("a blocker makes no cycle, and taking the last one away is disruptive", () => {
	const view = townOf({
		beads: ["a", "b", "c"].map((id) => aBead(id)),
		bead_dependencies: [blocks("b", "a"), blocks("c", "b")],
		town_state: [container(), value("config", {})],
	});
	expect(button(view, "bead.block", "a", { on: "c" }).why).toBe("cycle");
	expect(button(view, "bead.block", "b", { on: "a" }).why).toBe("blocked");
	expect(button(view, "bead.block", "c", { on: "a" })).toMatchObject({
		why: null,
		danger: "safe",
		undo: { name: "bead.unblock", params: { on: "a" } },
	});
	expect(button(view, "bead.unblock", "b", { on: "a" }).danger).toBe("disruptive");
});

test("REVIEW-2: a queue stands by priority and age, but for whom a person put to its head or end", () => {
	const one = (id: string, at: number, more = {}) => ({
		id,
		at,
		priority: "medium",
		queue_at: null,
		...more,
	});
	const queue = [
		one("old", 1),
		one("young", 2),
		one("urgent", 3, { priority: "critical" }),
		one("last", 0, { queue_at: 9 }),
		one("first", 8, { queue_at: headOf([{ queue_at: null }, { queue_at: 9 }]), priority: "low" }),
	];
	expect(queue.sort(byQueue).map(({ id }) => id)).toEqual(["first", "urgent", "old", "young", "last"]);
	expect(headOf([{ queue_at: -3 }])).toBe(-4);
});
