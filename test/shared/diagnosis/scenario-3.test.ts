import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { put } from "../../../shared/town-view/index.ts";
import { checkRule, told } from "./check-rule.ts";
import { failedWith } from "./states/scenario-1.ts";
import { queue } from "./states/scenario-2.ts";
import { conflict, denied, request, unheard, watchedPull, wrongUrl } from "./states/scenario-3.ts";
import {
	aBead, anAgent, aRequest, aReview, aRig, aToken, before, container, NOW, self, signals, tracks, value,
} from "./town.ts"; // biome-ignore format: a list

/** Another merge request of the same bead. */
const another = (row: Record<string, unknown>) => ({
	beads: [
		aBead("b", failedWith("merge_conflict")),
		aRequest("m", failedWith("merge_conflict")),
		aRequest("n", row),
	],
	review_metadata: [aReview("m"), aReview("n")],
	bead_dependencies: [tracks("m", "b"), tracks("n", "b")],
});
const change = {
	at: before(9), head: "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334", ahead: 2, behind: 1, total: 1,
	files: [{ path: "src/cart.js", additions: 1, deletions: 1 }], patch: "", checks: null,
}; // biome-ignore format: a row

checkRule("review.merge-conflict", {
	sentence: '"Bead b" was not merged 10 min ago: no. It is Failed, and its work is not on main',
	recovers: "button",
	behind: ["b"],
	silent: {
		"a later one merged it": () => conflict({}, {}, another({ status: "closed" })),
		"another is under way": () => conflict({}, {}, another({ status: "open" })),
		"its bead is worked on again": () => conflict({ status: "in_progress", closed_at: null }),
		"it failed for another reason": () =>
			request(failedWith("review_failed"), {}, failedWith("review_failed")),
		"its bead is gone": () => conflict({}, {}, { beads: [aRequest("m", failedWith("merge_conflict"))] }),
	},
	changed: {
		"no file is known": [() => conflict({}, { conflict_files: [] }), ({ measured }) => measured],
		"the forge was asked for its branch": [
			() => conflict({}, { change }),
			({ measured, needs }) => [measured, needs],
		],
		"its work is closed": [() => conflict({ status: "closed" }), ({ remedy }) => remedy],
	},
});

test("DIAG-1: both branches and the files stand in what was measured", () => {
	expect(told(conflict({}, { change }), "review.merge-conflict")?.measured[0]).toBe(
		"A conflict of fix/m at 0f1e2d3c in src/cart.js with main; no later merge request of this bead.",
	);
});

checkRule("review.push-denied", {
	sentence: 'The forge refuses what "Merge m" pushes, 3 tries in 12 min: the token of rig api may not push',
	recovers: "button",
	behind: [],
	silent: {
		"a push went through since": () =>
			denied({}, {}, { town_state: [...self(), container(), value("git_failures", [])] }),
		"it failed for another reason": () => denied({ outcome: "failed" }),
		"it could not be cloned": () => denied({ operation: "clone", bead_id: null }),
		"it was merged by another way": () => denied({}, { status: "closed" }),
		"its bead is gone": () => denied({ bead_id: "gone" }),
	},
	changed: {
		"nothing is known of its token": [() => denied({}, {}, { rig_credentials: [] }), ({ needs }) => needs],
		"its token was never verified": [
			() => denied({}, {}, { rig_credentials: [aToken({ verified_at: null })] }),
			({ ruledOut }) => ruledOut,
		],
		"a polecat's push is meant": [() => denied({ bead_id: "b" }), ({ subject }) => subject.id],
	},
});

test("DIAG-2: pushes that are denied for an expired token stand under the token", () => {
	const town = denied(
		{},
		{},
		{ rig_credentials: [aToken({ expires_at: before(20), failures_since_ok: 3 })] },
	);
	const { findings } = diagnose(town, NOW);
	expect(findings.map(({ code, because }) => [code, because])).toEqual([
		["credential.expired", null],
		["review.push-denied", "credential.expired:credential:api/git"],
	]);
});

checkRule("review.bad-pr-url", {
	sentence: '"Merge m" waits for a pull request that does not exist at the forge (404)',
	recovers: "button",
	behind: ["b"],
	silent: {
		"the forge knows it": () =>
			wrongUrl({ poll_failures: 0, poll_error_kind: null, polled_ok_at: before(0.5), pr_state: "open" }),
		"the forge does not answer": () => wrongUrl({ poll_error_kind: "http_502" }),
		"it has none": () => wrongUrl({ pr_url: null }),
		"it was merged": () => wrongUrl({}, { status: "closed" }),
	},
	changed: {
		"it is of another repository": [
			() => wrongUrl({ pr_url: "https://github.com/o/other/pull/4", poll_error_kind: "host_mismatch" }),
			({ sentence }) => sentence,
		],
		"it is at another host": [
			() => wrongUrl({ pr_url: "https://git.example/o/shop/pull/4", poll_error_kind: "host_mismatch" }),
			({ sentence }) => sentence,
		],
		"it names no pull request": [
			() => wrongUrl({ pr_url: "https://github.com/o/shop", poll_error_kind: "unrecognized_url" }),
			({ sentence }) => sentence,
		],
		"its branch has another one": [
			() => wrongUrl({ branch_pr: { at: before(1), url: "https://github.com/o/shop/pull/5" } }),
			({ remedy }) => remedy,
		],
		"its branch has none": [
			() => wrongUrl({ branch_pr: { at: before(1), url: null } }),
			({ ruledOut }) => ruledOut,
		],
		"the forge was not asked in vain yet": [
			() => wrongUrl({ pr_url: "https://github.com/o/other/pull/4", poll_failures: 0 }),
			({ remedy }) => remedy,
		],
	},
});

test("DIAG-1: one that was given up for its address is told as that, and reviewed anew where nobody works on it", () => {
	const gone = { pr_url: "https://github.com/o/shop/pull/4", poll_failures: 3, poll_error_kind: "http_404" };
	const town = request(failedWith("review_failed"), gone, failedWith("review_failed"));
	const finding = told(town, "review.bad-pr-url");
	expect(finding?.sentence).toContain("its pull request does not exist at the forge (404). It is Failed");
	expect(finding?.remedy).toEqual([{ name: "review.retry", target: "m", params: { at: "head" } }]);
});

checkRule("review.waiting-for-webhook", {
	sentence:
		'The forge has not answered about "Merge m" for 12 min: if its pull request was merged meanwhile, the town does not know',
	recovers: "self",
	behind: ["b"],
	silent: {
		"it answered a moment ago": () => watchedPull(),
		"one poll failed": () => unheard({ polled_ok_at: before(1), poll_failures: 1 }),
		"it has no pull request": () => unheard({ pr_url: null }),
		"it was merged": () => unheard({}, { status: "closed" }),
	},
	changed: {
		"the forge says merged": [
			() => watchedPull({ pr_state: "merged" }),
			({ sentence, needs }) => [sentence, needs],
		],
		"nobody asks": [
			() => watchedPull({ last_poll_at: before(12), polled_ok_at: before(12) }),
			({ sentence }) => sentence,
		],
		"it never answered": [() => unheard({ polled_ok_at: null }), ({ measured }) => measured],
	},
});

const stuck = (refinery = {}, more = {}, length = 3) =>
	queue(length, { last_event_at: before(34), ...refinery }, {}, more);
checkRule("review.bottleneck", {
	sentence:
		'"Merge head" holds up the reviews of rig api: Rowan has done nothing on it for 34 min, and 3 merge requests wait behind it',
	recovers: "self",
	behind: ["rowan", "of-head", "m0", "of-m0", "m1", "of-m1", "m2", "of-m2"],
	silent: {
		"its refinery makes progress": () => stuck({ last_event_at: before(5) }),
		"its refinery runs a tool": () => stuck({ active_tools: ["bash"] }),
		"its refinery asks for a permission": () =>
			stuck(
				{},
				{
					agent_signals: [
						signals("rowan", {
							pending_permission: { id: "p", permission: "bash", patterns: [], since: NOW - 9e5 },
						}),
					],
				},
			),
		"nothing waits behind it": () => stuck({}, {}, 0),
		"nobody reviews it": () => stuck({}, { agent_metadata: [anAgent("rowan", { role: "refinery" })] }),
	},
	changed: {
		"an hour has passed": [() => stuck({ last_event_at: before(70) }), ({ severity }) => severity],
		"its refinery was stopped for it": [
			() => stuck({ status: "stalled", stalled_at: before(3) }),
			({ recovers }) => recovers,
		],
	},
});

test("DIAG-2: a refinery that holds nobody up is told as an agent without progress", () => {
	expect(diagnose(stuck({}, {}, 0), NOW).findings.map(({ code }) => code)).toEqual(["agent.gupp-timeout"]);
});

test("DIAG-1: git's words that are at hand are evidence beside the kept ones", () => {
	const town = denied();
	const row = {
		id: 7,
		operation: "push",
		rig_id: "api",
		bead_id: "m",
		outcome: "denied",
		stderr: "403",
		at: before(2),
	};
	put(town, "git_operations", "7", row, null);
	expect(told(town, "review.push-denied")?.evidence.at(-1)).toMatchObject({
		entity: "git_operations",
		key: "7",
	});
	expect(told(town, "review.push-denied")?.sentence).toBe(told(denied(), "review.push-denied")?.sentence);
});

test("DIAG-1: a rig whose town merges pull requests by itself waits for nobody", () => {
	const notices = (rig = {}, review = {}) =>
		diagnose(watchedPull(review, {}, { rigs: [aRig(rig)] }), NOW).notices.map(({ sentence }) => sentence);
	expect(notices()).toEqual([]);
	expect(notices({ auto_merge: false })).toEqual([
		'The pull request of "Merge m" waits for somebody to merge it',
	]);
	expect(notices({}, { mergeable_state: "blocked" })).toEqual([
		'The pull request of "Merge m" waits for an approval',
	]);
});
