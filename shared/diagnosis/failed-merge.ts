import type { Bead, ReviewMetadata } from "../gastown/index.ts";
import { failureOf, timeOf, trackersOf } from "../town-view/index.ts";
import { bead, behindBead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding, RemedyStep } from "./finding.ts";
import { gitTroubleOf } from "./journals.ts";
import { whyBadUrl } from "./pull-requests.ts";
import { firstOf, mendConflict, step } from "./remedies.ts";
import { OLD_FAILURE_MS } from "./thresholds.ts";
import { ago, inShort, names } from "./words.ts";

/** "Code won't merge" (scenarios.md §3): merge requests that failed and whose work no later one has brought in. */
export const failedMerges = (facts: Facts): Finding[] =>
	facts.unfinished
		.filter((one) => one.type === "merge_request" && one.status === "failed")
		.flatMap((one) =>
			workOf(facts, one)
				.slice(0, 1)
				.flatMap((work) => failedMerge(facts, one, work)),
		);

/** The beads whose work it was to bring in. A bead that was deleted has none left to lose. */
const workOf = ({ look }: Facts, request: Bead): Bead[] =>
	look
		.dependenciesOf(request.bead_id)
		.filter((dependency) => dependency.dependency_type === "tracks")
		.flatMap((dependency) => look.bead(dependency.depends_on_bead_id) ?? [])
		.filter((work) => work.type !== "convoy");

function failedMerge(facts: Facts, request: Bead, work: Bead): Finding[] {
	const { now, view } = facts;
	const at = timeOf(request.closed_at) ?? timeOf(request.updated_at) ?? now;
	const others = trackersOf(view, work.bead_id).filter(
		(other) => other.type === "merge_request" && other.bead_id !== request.bead_id,
	);
	// Merged or under way again by another; of several that failed the last one is told.
	if (others.some((other) => other.status !== "failed" || (timeOf(other.closed_at) ?? 0) > at)) return [];
	const reason = failureOf(request);
	const review = view.tables.review_metadata.get(request.bead_id);
	const bad = review ? whyBadUrl(facts, request, review) : null;
	const conflict = bad === null && reason?.code === "merge_conflict";
	const lost = work.status === "closed" || work.status === "failed";
	const title = facts.title(work.bead_id);
	const target = review?.target_branch ?? "its target";
	const git = gitTroubleOf(facts, request.bead_id);
	const kept = facts.gitFailures.findLast((failure) => failure.bead_id === request.bead_id);
	const stderr = git.at(-1)?.stderr ?? kept?.stderr;
	const remedy = lost ? remedyOf(facts, request, work, { conflict, bad, target }) : [];
	return [
		told({
			code: bad !== null ? "review.bad-pr-url" : conflict ? "review.merge-conflict" : "review.merge-failed",
			severity: lost && now - at <= OLD_FAILURE_MS ? "warning" : "notice",
			subject: bead(request.bead_id),
			sentence:
				`${title} was not merged ${ago(now - at)}${bad !== null ? `: its pull request ${bad}` : reason ? `: ${inShort(reason.message)}` : ""}. ` +
				(lost
					? `It is ${work.status === "closed" ? "Closed" : "Failed"}, and its work is not on ${target}`
					: "Its work is given out again"),
			measured: [
				`${whatItMet(review, conflict, reason?.code)} with ${target}; no later merge request of this bead.`,
				...(stderr ? [`git: ${inShort(stderr, 160)}`] : []),
			],
			evidence: [
				rowOf("the failed merge request", "beads", request.bead_id, at),
				rowOf(`its bead is ${work.status}`, "beads", work.bead_id, timeOf(work.updated_at)),
				...(review && (conflict || bad !== null)
					? [
							rowOf(
								conflict ? "its files and branches" : "the address that was reported",
								"review_metadata",
								request.bead_id,
							),
						]
					: []),
				...(kept
					? [rowOf(`git ${kept.operation}: ${kept.outcome}`, "town_state", "git_failures", timeOf(kept.at))]
					: []),
				...git.slice(-2).map(({ row }) => row),
			],
			since: at,
			behind: lost ? distinct([bead(work.bead_id), ...behindBead(facts, work)]) : [],
			recovers: lost
				? {
						who: "button",
						text: `Not by itself: nobody works on it any more. ${WAYS[remedy[0]?.name ?? ""] ?? "Reopen its bead."}`,
					}
				: { who: "self", at: null, text: "When its bead was worked on again and reviewed." },
			remedy,
			ruledOut: lost ? ["a later merge request", "work that goes on"] : [],
			needs: [
				...(reason ? [] : ["why it failed: no reason was kept"]),
				...(conflict && !review?.change ? ["the two commits: the forge was not asked for its branch"] : []),
			],
		}),
	];
}

const WAYS: Record<string, string> = {
	"review.request-rework": "Ask for changes on its branch.",
	"review.retry": "Review it anew.",
};

function whatItMet(review: ReviewMetadata | undefined, conflict: boolean, code: string | undefined): string {
	if (!conflict) return `A failure (${code ?? "no reason kept"})`;
	const files = review?.conflict_files ?? [];
	const head = review?.change ? ` at ${review.change.head.slice(0, 8)}` : "";
	return `A conflict of ${review?.branch ?? "its branch"}${head}${files.length > 0 ? ` in ${names(files)}` : ""}`;
}

/** A conflict is mended by its author, a wrong address by a new review; where neither may be, the work is done again. */
function remedyOf(
	facts: Facts,
	request: Bead,
	work: Bead,
	{ conflict, bad, target }: { conflict: boolean; bad: string | null; target: string },
): RemedyStep[] {
	const message = mendConflict(
		facts.view.tables.review_metadata.get(request.bead_id)?.branch ?? "The branch",
		target,
	);
	const reopen = step("bead.reopen", work.bead_id, { release: true });
	if (conflict) return firstOf(facts, step("review.request-rework", request.bead_id, { message }), reopen);
	return bad === null
		? firstOf(facts, reopen)
		: firstOf(facts, step("review.retry", request.bead_id, { at: "head" }), reopen);
}
