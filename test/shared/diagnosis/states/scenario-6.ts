import { aBead, anAgent, before, container, townOf } from "../town.ts";
import { aConvoy, aRequest, aReview, aRig, aToken, config, failedWith, theTown, tracks } from "./rows.ts";
import type { States } from "./states.ts";

type Row = Record<string, unknown>;

/** A convoy of these beads, with their merge requests `m…` and whatever else. */
export const convoyOf = (
	members: Row[],
	of: { row?: Row; bead?: Row; requests?: [request: Row, of: string, review?: Row][]; more?: Row[] } = {},
) => {
	const requests = of.requests ?? [];
	return townOf({
		rigs: [aRig("api")],
		agent_metadata: [anAgent("toast", { status_since: before(2) })],
		beads: [
			aBead("v", { type: "convoy", title: "Checkout", labels: ["gt:convoy"], ...of.bead }),
			...members,
			...requests.map(([request]) => request),
		],
		bead_dependencies: [
			...members.map(({ bead_id }) => tracks(String(bead_id), "v")),
			...requests.map(([{ bead_id }, source]) => tracks(String(bead_id), source)),
			...(of.more ?? []),
		],
		review_metadata: requests.map(([{ bead_id }, , review]) => aReview(String(bead_id), review)),
		convoy_metadata: [aConvoy("v", { total_beads: members.length, closed_beads: 2, ...of.row })],
		rig_credentials: [aToken()],
		town_state: [container({ since: before(3) }), theTown(), config()],
	});
};

export const done = (id: string, minutes = 30): Row =>
	aBead(id, { status: "closed", closed_at: before(minutes) });
const two = [done("a", 40), done("b", 30)];

/** One more was stored than exists, and its dependency still names it. */
export const deleted = (row: Row = {}, more = [tracks("c", "v")]) =>
	convoyOf(two, { row: { total_beads: 3, ...row }, more });

export const reviewFailed = (member: Row = {}, request: Row = {}, review: Row = {}) =>
	convoyOf([...two, aBead("c", { ...failedWith("review_failed", "tests fail", 9), ...member })], {
		requests: [
			[aRequest("m", { ...failedWith("review_failed", "tests fail", 9), ...request }), "c", { target_branch: "convoy/x", ...review }],
		],
	}); // biome-ignore format: short

const CONFLICT = failedWith("merge_conflict", "CONFLICT in src/cart.js", 9);
export const conflicting = (
	member: Row = {},
	request: Row = {},
	review: Row = {},
	first: Row = two[1] ?? {},
) =>
	convoyOf([two[0] ?? {}, first, aBead("c", { ...CONFLICT, ...member })], {
		requests: [
			[
				aRequest("m", { ...CONFLICT, ...request }),
				"c",
				{ target_branch: "convoy/x", conflict_files: ["src/cart.js"], ...review },
			],
		],
	});

export const unlanded = (
	bead: Row = {},
	row: Row = {},
	landing: Row = failedWith("review_failed", "push denied: 403", 7),
) =>
	convoyOf(two, {
		bead: { ...failedWith("landing_failed", "All 5 landings failed.", 6), ...bead },
		row: {
			...{ ready_to_land: 1, landing_attempts: 5, last_landing_attempt_at: before(7) },
			...{ last_landing_error: "push denied: 403", ...row },
		},
		requests: [[aRequest("l", { ...landing, metadata: { ...(landing.metadata as Row), landing_for: "v" } }), "v"]],
	}); // biome-ignore format: short

export const states = {
	"convoy.tracked-bead-deleted": { subject: "v", town: deleted, remedy: ["convoy.recount v"] },
	"convoy.tracked-merge-failed": { subject: "v", town: reviewFailed, remedy: ["review.retry m"] },
	"convoy.feature-conflict": { subject: "v", town: conflicting, remedy: ["review.request-rework m"] },
	"convoy.landing-failed": {
		subject: "v",
		town: unlanded,
		remedy: ["credential.refresh town", "convoy.retry-landing v"],
	},
} satisfies States;
