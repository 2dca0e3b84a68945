import {
	aBead, anAgent, aRequest, aReview, aRig, aToken, before, container, gitFailure, self, townOf, tracks, value,
} from "../town.ts"; // biome-ignore format: a list
import { failedWith } from "./scenario-1.ts";
import { queue } from "./scenario-2.ts";
import type { States } from "./states.ts";

type Rows = Parameters<typeof townOf>[0];
type Row = Record<string, unknown>;

/** One merge request of one bead, with nobody at work. */
export const request = (bead: Row = {}, review: Row = {}, work: Row = {}, more: Rows = {}) =>
	townOf({
		rigs: [aRig()],
		beads: [aBead("b", { status: "in_review", ...work }), aRequest("m", bead)],
		review_metadata: [aReview("m", review)],
		bead_dependencies: [tracks("m", "b")],
		rig_credentials: [aToken()],
		town_state: [...self(), container()],
		...more,
	});

/** It conflicted so often that its bead was given up. */
export const conflict = (work: Row = {}, review: Row = {}, more: Rows = {}) =>
	request(
		failedWith("merge_conflict", { dispatch_attempts: 0, last_dispatch_attempt_at: null }),
		{ conflict_files: ["src/cart.js"], ...review },
		failedWith("merge_conflict", { dispatch_attempts: 0, last_dispatch_attempt_at: null, ...work }),
		more,
	);

export const denied = (failure: Row = {}, bead: Row = {}, more: Rows = {}) =>
	request(
		{ status: "in_progress", assignee_agent_bead_id: "rowan", ...bead },
		{},
		{},
		{
			agent_metadata: [
				anAgent("rowan", {
					role: "refinery",
					status: "working",
					current_hook_bead_id: "m",
					container_process_id: "7",
				}),
			],
			town_state: [
				...self(),
				container(),
				value("git_failures", [
					gitFailure({
						operation: "push", outcome: "denied", bead_id: "m", stderr: "remote: Permission to o/shop denied, 403", ...failure,
					}),
				]),
			], // biome-ignore format: rows
			...more,
		},
	);

/** It has a pull request that the town watches. */
export const watchedPull = (review: Row = {}, bead: Row = {}, more: Rows = {}) =>
	request(
		{ status: "in_review", status_since: before(40), ...bead },
		{
			pr_url: "https://github.com/o/shop/pull/4", pr_state: "open", mergeable_state: "clean", last_poll_at: before(0.5),
			polled_ok_at: before(0.5), ...review,
		}, // biome-ignore format: a row
		{},
		more,
	);

export const wrongUrl = (review: Row = {}, bead: Row = {}) =>
	watchedPull(
		{
			pr_state: null, mergeable_state: null, polled_ok_at: null, poll_failures: 2, poll_error_kind: "http_404",
			poll_error: "The forge answered 404: Not Found", ...review,
		}, // biome-ignore format: a row
		bead,
	);

export const unheard = (review: Row = {}, bead: Row = {}) =>
	watchedPull(
		{
			polled_ok_at: before(12), poll_failures: 9, poll_error_kind: "http_502",
			poll_error: "The forge answered 502: Bad Gateway", ...review,
		}, // biome-ignore format: a row
		bead,
	);

export const states: States = {
	"review.merge-conflict": { subject: "m", town: conflict, remedy: ["review.request-rework m"] },
	"review.push-denied": { subject: "m", town: denied, remedy: ["credential.refresh town", "review.retry m"] },
	"review.bad-pr-url": { subject: "m", town: wrongUrl, remedy: ["review.retry m"] },
	"review.waiting-for-webhook": { subject: "m", town: unheard, remedy: ["review.poll m"] },
	"review.bottleneck": {
		subject: "head",
		town: () => queue(3, { last_event_at: before(34) }),
		remedy: ["agent.reset rowan", "review.retry head"],
	},
};
