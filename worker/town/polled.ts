import { type ReviewMetadata, reviewMetadata, thresholdsOf } from "../../shared/gastown/index.ts";
import { type Answered, askPull, askPullOfBranch, type ForgeHost, type Pull } from "./forge.ts";
import { completeReview, mayMoveReview } from "./reviews.ts";
import { updateRow } from "./rows.ts";
import { isoNow, ok, type Result, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** What the forge said of a merge request's PR, and where its address leads nowhere, of another one of its branch. */
type Polled = { asked: Answered<Pull>; ofBranch: Answered<string | null> | null };

/** Kinds of answers to an address that names no pull request of the rig. */
const NOWHERE = ["http_404", "host_mismatch", "unrecognized_url"];

export async function askAfter(
	host: ForgeHost,
	rig: string,
	{ pr_url, branch }: Pick<ReviewMetadata, "pr_url" | "branch">,
): Promise<Polled> {
	const asked = await askPull(host, rig, pr_url);
	const nowhere = !asked.ok && NOWHERE.includes(asked.kind);
	return { asked, ofBranch: nowhere ? await askPullOfBranch(host, rig, branch) : null };
}

/** Takes the forge's word on a merge request's PR (REVIEW-2). What could not be asked is kept with its kind and words. */
export function takePolled(town: Town, review: string, { asked, ofBranch }: Polled): Result<unknown> {
	// It may have ended while the forge was asked: then its answer is history.
	const polled = mayMoveReview(town, review, "poll");
	if (!polled.ok) return polled;
	const row = polled.value.review;
	const ends = (
		status: "merged" | "failed" | "conflict",
		message: string,
		commit_sha: string | null = null,
	) => completeReview(town, { entry_id: review, status, message, commit_sha });
	if (!asked.ok) {
		const failures = row.poll_failures + 1;
		updateRow(town.sql, reviewMetadata, [review], {
			...{ poll_failures: failures, poll_error_kind: asked.kind, poll_error: asked.message },
			last_poll_at: isoNow(town),
			...(ofBranch?.ok && { branch_pr: { at: isoNow(town), url: ofBranch.body } }),
		});
		const { poll_failures_lasting, poll_failures_transient } = thresholdsOf(townValue(town, "config"));
		const most = asked.lasting ? poll_failures_lasting : poll_failures_transient;
		return failures < most ? ok(null) : ends("failed", asked.message);
	}
	const { state, merged, mergeable_state, merge_commit_sha } = asked.body;
	const pr_state = merged ? "merged" : state;
	const fresh = { pr_state, mergeable_state, poll_failures: 0, poll_error_kind: null, poll_error: null };
	const changed =
		row.pr_state !== pr_state || row.mergeable_state !== mergeable_state || row.poll_failures > 0;
	updateRow(town.sql, reviewMetadata, [review], {
		...(changed ? fresh : {}),
		...{ last_poll_at: isoNow(town), polled_ok_at: isoNow(town) },
	});
	if (merged) return ends("merged", "", merge_commit_sha);
	if (state === "closed") return ends("failed", "The pull request was closed without being merged.");
	return mergeable_state === "dirty"
		? ends("conflict", "The pull request conflicts with its target.")
		: ok(null);
}
