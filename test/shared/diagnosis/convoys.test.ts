import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { applyBatch, put } from "../../../shared/town-view/index.ts";
import { aRequest, failedWith, tracks } from "./states/rows.ts";
import { conflicting, convoyOf, deleted, done, reviewFailed, states, unlanded } from "./states/scenario-6.ts";
import { rootsOf, testStates, toldOf } from "./states/tell.ts";
import { aBead, before, blocks, gitFailure, NOW, value } from "./town.ts";

testStates(states, {
	"convoy.tracked-bead-deleted": {
		sentence: 'Convoy "Checkout" waits for 3 beads and only 2 exist: 1 bead of it was deleted',
		recovers: "button",
		silent: {
			"as many exist as are stored": () => deleted({ total_beads: 2 }),
			"it has ended": () => convoyOf([done("a")], { bead: { status: "closed" }, row: { total_beads: 3 } }),
		},
		otherwise: {
			"more are gone": () => deleted({ total_beads: 4 }),
			"fewer were closed": () => deleted({ closed_beads: 1 }),
		},
	},
	"convoy.tracked-merge-failed": {
		sentence: 'Convoy "Checkout" cannot land: "Bead c" failed in its review 9 min ago: tests fail',
		recovers: "button",
		behind: ["c"],
		params: { "review.retry": { at: "head", mended: false } },
		silent: {
			"its bead is open again": () => reviewFailed({ status: "open", closed_at: null, metadata: {}, updated_at: before(1) }),
			"its bead ended for something else": () => reviewFailed(failedWith("dispatch_exhausted", "no room")),
			"another review is under way": () =>
				convoyOf([aBead("c", failedWith("review_failed", "no"))], {
					requests: [[aRequest("m", failedWith("review_failed", "no")), "c"], [aRequest("n"), "c"]],
				}),
			"it was a conflict with the rig's own branch": () => conflicting({}, {}, { target_branch: "main" }),
		},
		otherwise: {
			"no reason was kept": () => reviewFailed({}, { metadata: {} }),
			"its pull request was closed": () => reviewFailed({}, {}, { pr_url: "https://github.com/harbor/api/pull/3", pr_state: "closed" }),
		},
	},
	"convoy.feature-conflict": {
		sentence: 'Convoy "Checkout" cannot land: "Bead c" conflicts in src/cart.js with "Bead b" on convoy/x',
		recovers: "button",
		behind: ["c", "m"],
		silent: {
			"it conflicts with the rig's own branch": () => conflicting({}, {}, { target_branch: "main" }),
			"it is worked on again": () => conflicting({ status: "open", closed_at: null, metadata: {}, updated_at: before(1) }),
			"its review failed for something else": () => conflicting({}, failedWith("review_failed", "no")),
		},
		otherwise: {
			"the files are not known": () => conflicting({}, {}, { conflict_files: [] }),
			"another one was merged before it": () => conflicting({}, {}, {}, done("b", 2)),
		},
	},
	"convoy.landing-failed": {
		sentence: 'Convoy "Checkout" did not land 6 min ago, after 5 tries: push denied: 403',
		recovers: "button",
		params: { "credential.refresh": { credential: "git", rig: "api" } },
		silent: {
			"it has landed": () => unlanded({ status: "closed" }, { landed_at: before(1) }),
			"it failed for something else": () => unlanded(failedWith("admin_force_fail", "no")),
			"no landing was tried": () => unlanded({}, { landing_attempts: 0 }),
			"the next landing is known": () => unlanded({ status: "open", closed_at: null, metadata: {} }, { landing_attempts: 2 }),
		},
		otherwise: {
			"its error is not of a credential": () => unlanded({}, { last_landing_error: "tests fail" }),
			"its error was not kept": () => unlanded({}, { last_landing_error: null }),
		},
	},
}); // biome-ignore format: tables

test("DIAG-1: a landing that is tried again is a notice with its time", () => {
	const view = unlanded(
		{ status: "open", closed_at: null, metadata: {} },
		{ landing_attempts: 2, last_landing_attempt_at: before(0.5) },
	);
	const notice = diagnose(view, NOW).notices.find(({ code }) => code === "convoy.landing-failed");
	expect(notice?.recovers).toEqual({ who: "self", at: NOW + 30_000, text: "It is landed again then." });
});

test("DIAG-2: what waits for the bead that failed in its convoy stands under it, and its review is told once", () => {
	const view = convoyOf(
		[done("a"), aBead("c", failedWith("review_failed", "no")), aBead("d")],
		{ requests: [[aRequest("m", failedWith("review_failed", "no")), "c"]], more: [blocks("d", "c")] },
	); // biome-ignore format: short
	expect(rootsOf(view)).toEqual(["convoy.tracked-merge-failed"]);
	expect(diagnose(view, NOW).findings.map(({ code }) => code)).toEqual([
		"convoy.tracked-merge-failed",
		"bead.blocked-by-dependency",
	]);
	const conflict = conflicting();
	expect(toldOf(conflict, "review.merge-conflict")?.because).toBe("convoy.feature-conflict:bead:v");
});

test("DIAG-2: a landing that was denied, or never began, is told with its convoy alone", () => {
	const push = { operation: "push", outcome: "denied", bead_id: "l" };
	for (const code of ["review_failed", "max_dispatch_attempts"]) {
		const view = unlanded({}, {}, failedWith(code, "push denied: 403", 7));
		put(view, "town_state", "git_failures", value("git_failures", [gitFailure(push)]), 9);
		expect(rootsOf(view), code).toEqual(["convoy.landing-failed"]);
	}
});

test("DIAG-3: a bead that was dropped a moment ago is no deletion: the town counts again at its next look", () => {
	const batch = (at: number) => ({
		from: 2, to: 2, at, cause: null, mark: "n",
		changes: [[2, "bead_dependencies", JSON.stringify(["c", "v"]), "del", null]],
	}); // biome-ignore format: short
	const dropped = (at: number) => {
		const view = convoyOf([done("a"), done("b"), aBead("c")], { row: { total_beads: 3 } });
		expect(applyBatch(view, batch(at) as Parameters<typeof applyBatch>[1]).ok).toBe(true);
		return view;
	};
	expect(toldOf(dropped(NOW - 5_000), "convoy.tracked-bead-deleted")).toBeUndefined();
	const late = toldOf(dropped(NOW - 60_000), "convoy.tracked-bead-deleted");
	expect(late).toMatchObject({ since: NOW - 60_000, needs: [] });
	expect(late?.sentence).toContain("1 bead of it was dropped and not counted again");
});

test("DIAG-1: who deleted a bead, seen while it happened, is evidence at its moment", () => {
	const view = deleted({}, [tracks("c", "v")]);
	view.touched.set("beads/c", { seq: 1, at: NOW - 40_000 });
	expect(toldOf(view, "convoy.tracked-bead-deleted")?.evidence).toContainEqual({
		...{ label: "a bead of it that is gone", entity: "beads", key: "c", at: NOW - 40_000 },
	});
});
