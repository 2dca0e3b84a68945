import { describe, expect, test } from "vitest";
import {
	BEAD_STATUSES, type BeadMove, CONVOY_STATES, convoyState, ESCALATION_STATES, escalationState, isTerminal, moveBead, moveReview,
	REVIEW_MOVES, REVIEW_STATES, reviewState,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list

const pr = { pr_url: "https://example.test/o/r/pull/1" };
const none = { pr_url: null };
const convoy = { staged: 0, ready_to_land: 0, landed_at: null };

describe("TOWN-1: a state is read from the rows", () => {
	test.each([
		["open", none, "queued"],
		["open", pr, "watched"],
		["in_progress", none, "reviewing"],
		["in_progress", pr, "reviewing"],
		["in_review", none, "watched"],
		["in_review", pr, "watched"],
		["closed", pr, "closed"],
		["failed", none, "failed"],
	])("review: %s, %o is %s", (status, review, state) => {
		expect(reviewState({ status }, review)).toBe(state);
		expect(REVIEW_STATES).toContain(state);
	});

	test.each([
		["open", convoy, false, "working"],
		["open", { ...convoy, staged: 1 }, false, "staged"],
		["open", { ...convoy, ready_to_land: 1 }, false, "ready"],
		["open", { ...convoy, ready_to_land: 1 }, true, "landing"],
		["open", convoy, true, "landing"],
		["open", { ...convoy, ready_to_land: 1, landed_at: "2026-01-01T00:00:00Z" }, false, "landed"],
		["in_progress", convoy, false, "working"],
		["closed", { ...convoy, staged: 1 }, true, "closed"],
		["failed", { ...convoy, ready_to_land: 1 }, false, "failed"],
	])("convoy: %s, %o, landing %s is %s", (status, row, landing, state) => {
		expect(convoyState({ status }, row, landing)).toBe(state);
		expect(CONVOY_STATES).toContain(state);
	});

	test.each([
		["open", 0, "unseen"],
		["open", 1, "acknowledged"],
		["in_progress", 0, "unseen"],
		["closed", 0, "closed"],
		["failed", 1, "failed"],
	])("escalation: %s, acknowledged %s is %s", (status, acknowledged, state) => {
		expect(escalationState({ status }, { acknowledged })).toBe(state);
		expect(ESCALATION_STATES).toContain(state);
	});

	test("a status that no table knows stays what it is, so that the refusal names it", () => {
		const odd = { status: "quarantined" };
		expect([
			reviewState(odd, none),
			convoyState(odd, convoy, true),
			escalationState(odd, { acknowledged: 1 }),
		]).toEqual(Array(3).fill("quarantined"));
	});
});

test("TOWN-1: what a review may do its bead may do too, and ends where it ends", () => {
	const own: Partial<Record<string, BeadMove>> = {
		...{ open_pr: "submit", merge: "merge", fail: "fail", conflict: "fail", recover: "release" },
	};
	for (const status of BEAD_STATUSES)
		for (const review of [none, pr])
			for (const event of REVIEW_MOVES) {
				const moved = moveReview(reviewState({ status }, review), event);
				const beadMove = own[event];
				if (!moved.ok || beadMove === undefined) continue;
				const bead = moveBead(status, beadMove);
				expect(bead.ok, `${status} ${event}`).toBe(true);
				if (bead.ok && isTerminal(moved.to)) expect(bead.to).toBe(moved.to);
			}
});
