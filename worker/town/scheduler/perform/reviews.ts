import { reviewMetadata } from "../../../../shared/gastown/index.ts";
import { applyMove } from "../../beads.ts";
import { askPull, reviewAt } from "../../forge.ts";
import { askAfter, takePolled } from "../../polled.ts";
import { mayMoveReview } from "../../reviews.ts";
import { updateRow } from "../../rows.ts";
import { isoNow, ok, type Result } from "../../town.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import type { Effect } from "../scheduler.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

/** Asks the forge how a merge request's PR is. */
export const pollPr =
	(host: SchedulerHost, { review }: Pick<Of<"poll_pr">, "review">): Effect =>
	async () => {
		const at = reviewAt(host.town, review);
		if (!at) return;
		const polled = await askAfter(host, at.rig, at.review);
		act(host, "poll_pr", (town) => takePolled(town, review, polled));
	};

export const mergePr =
	(host: SchedulerHost, { review }: Of<"merge_pr">): Effect =>
	async () => {
		const at = reviewAt(host.town, review);
		if (!at) return;
		const merged = await askPull(host, at.rig, at.review.pr_url, { path: "/merge", method: "PUT", body: {} });
		if (!merged.ok) throw new Error(merged.message);
		await pollPr(host, { review })();
	};

export const noteReady = (
	host: SchedulerHost,
	{ review, ready }: Of<"note_ready_to_merge">,
): Result<unknown> =>
	act(host, "note_ready_to_merge", (town) => {
		const polled = mayMoveReview(town, review, "poll");
		if (!polled.ok) return polled;
		updateRow(town.sql, reviewMetadata, [review], { auto_merge_ready_since: ready ? isoNow(town) : null });
		return ok(null);
	});

export const recoverReview = (host: SchedulerHost, { review, why }: Of<"recover_review">): Result<unknown> =>
	act(host, "recover_review", (town) => {
		const found = mayMoveReview(town, review, "recover");
		return found.ok
			? applyMove(town, found.value.bead, "release", { by: why, patch: { assignee_agent_bead_id: null } })
			: found;
	});
