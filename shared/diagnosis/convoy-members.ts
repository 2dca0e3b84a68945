import { type Bead, type ConvoyMetadata, isTerminal, type ReviewMetadata } from "../gastown/index.ts";
import { keptPull } from "../interventions/review-reading.ts";
import { failureOf, timeOf, trackersOf } from "../town-view/index.ts";
import { bead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding, RemedyStep, Subject } from "./finding.ts";
import { mendConflict, step } from "./remedies.ts";
import { ago, inShort, names } from "./words.ts";

/** A bead of a convoy that failed with its review, and that review: nothing brings its work in any more. */
type Failed = { member: Bead; request: Bead; review: ReviewMetadata; at: number };

/** A failed bead keeps its convoy from landing until it is dropped or done again: which reviews did that, and how (scenarios.md §6). */
export function membersThatFailed(
	facts: Facts,
	convoy: Bead,
	row: ConvoyMetadata,
	members: readonly Bead[],
): Finding[] {
	const failed = members
		.filter(({ status }) => status === "failed")
		.flatMap((member) => failedWithReview(facts, member) ?? [])
		.sort((a, b) => a.at - b.at);
	const isConflict = ({ request }: Failed) => failureOf(request)?.code === "merge_conflict";
	const onFeature = ({ review }: Failed) => review.target_branch === row.feature_branch;
	const conflicts = failed.filter((one) => isConflict(one) && onFeature(one));
	const others = failed.filter((one) => !isConflict(one));
	const behind = distinct(
		[...failed.map(({ member }) => member), ...members.filter(({ status }) => !isTerminal(status))].map(
			({ bead_id }) => bead(bead_id),
		),
	);
	return [
		...(conflicts.length > 0 ? [featureConflict(facts, convoy, row, conflicts, members, behind)] : []),
		...(others.length > 0 ? [mergeFailed(facts, convoy, others, behind)] : []),
	];
}

/** Its newest merge request, where that failed and the bead ended with it. */
function failedWithReview({ view }: Facts, member: Bead): Failed | null {
	const requests = trackersOf(view, member.bead_id).filter(({ type }) => type === "merge_request");
	if (requests.some(({ status }) => status !== "failed")) return null;
	const endOf = (one: Bead) => timeOf(one.closed_at) ?? timeOf(one.updated_at) ?? 0;
	const request = requests.sort((a, b) => endOf(a) - endOf(b)).at(-1);
	const review = request && view.tables.review_metadata.get(request.bead_id);
	const code = failureOf(member)?.code;
	if (!request || !review || (code !== undefined && !REVIEWS.includes(code))) return null;
	return { member, request, review, at: endOf(request) };
}
/** A bead that ended for something else, e.g. its starts, has that to tell. */
const REVIEWS: readonly string[] = [
	"review_failed",
	"merge_conflict",
	"admin_closed_review",
	"admin_force_fail",
];

const evidence = (convoy: Bead, failed: readonly Failed[]) => [
	...failed
		.slice(0, 3)
		.flatMap(({ member, request, at }) => [
			rowOf("its review failed", "beads", request.bead_id, at),
			rowOf("the bead failed", "beads", member.bead_id, timeOf(member.closed_at)),
		]),
	rowOf("the convoy waits", "convoy_metadata", convoy.bead_id),
];

/** Steps that one approval may cover leave room for few (LEDGER-9). */
const MENDED_AT_ONCE = 5;

function mergeFailed(facts: Facts, convoy: Bead, failed: Failed[], behind: Subject[]): Finding {
	const [first, ...more] = failed as [Failed, ...Failed[]];
	const reason = failureOf(first.request);
	return told({
		code: "convoy.tracked-merge-failed",
		severity: "warning",
		subject: bead(convoy.bead_id),
		sentence: `Convoy ${facts.title(convoy.bead_id)} cannot land: ${facts.title(first.member.bead_id)} failed in its review ${ago(facts.now - first.at)}${reason ? `: ${inShort(reason.message)}` : ""}${more.length > 0 ? `, and ${more.length} more` : ""}`,
		measured: [
			`Failed for good: ${names(failed.map(({ member }) => facts.title(member.bead_id)))}; no other merge request of ${more.length > 0 ? "them" : "it"}.`,
		],
		evidence: evidence(convoy, failed),
		since: first.at,
		behind,
		recovers: {
			who: "button",
			text: "Not by itself: a failed bead holds its convoy. Review it again, or drop it from the convoy.",
		},
		remedy: failed.slice(0, MENDED_AT_ONCE).map((one) => again(convoy, one)),
		ruledOut: ["a conflict", "a later merge request", "a bead that is worked on again"],
		needs: reason ? [] : ["why its review failed: no reason was kept"],
	});
}

/** One whose pull request was closed at the forge cannot be reviewed again. */
const again = (convoy: Bead, { member, request, review }: Failed): RemedyStep =>
	keptPull(review) !== null && review.pr_state === "closed"
		? step("convoy.drop-bead", convoy.bead_id, { bead: member.bead_id })
		: step("review.retry", request.bead_id, { at: "head", mended: false });

function featureConflict(
	facts: Facts,
	convoy: Bead,
	row: ConvoyMetadata,
	conflicts: Failed[],
	members: readonly Bead[],
	behind: Subject[],
): Finding {
	const [first] = conflicts as [Failed, ...Failed[]];
	const branch = row.feature_branch ?? "its feature branch";
	const files = Array.isArray(first.review.conflict_files) ? first.review.conflict_files : [];
	const other = mergedBefore(members, first.at);
	const titles = conflicts.map(({ member }) => facts.title(member.bead_id));
	const where = files.length > 0 ? ` in ${names(files)}` : "";
	return told({
		code: "convoy.feature-conflict",
		severity: "warning",
		subject: bead(convoy.bead_id),
		sentence: `Convoy ${facts.title(convoy.bead_id)} cannot land: ${names(titles)} ${titles.length === 1 ? "conflicts" : "conflict"}${where} with ${other ? facts.title(other.bead_id) : "what is"} on ${branch}`,
		measured: [
			inShort(failureOf(first.request)?.message ?? "git kept no words.", 160),
			other
				? `The last that was merged before it is ${facts.title(other.bead_id)}.`
				: "Nothing of this convoy is known to be merged before it.",
		],
		evidence: [
			...evidence(convoy, conflicts),
			...[...facts.view.tables.git_operations.values()]
				.filter(({ bead_id, outcome }) => bead_id === first.request.bead_id && outcome === "conflict")
				.slice(-1)
				.map((git) =>
					rowOf(`git ${git.operation}: conflict`, "git_operations", String(git.id), timeOf(git.at)),
				),
		],
		since: first.at,
		behind: distinct([...behind, ...conflicts.map(({ request }) => bead(request.bead_id))]),
		recovers: {
			who: "button",
			text: "Not by itself: it would conflict again. Its author has to mend it first.",
		},
		remedy: conflicts.slice(0, MENDED_AT_ONCE).map(({ request, review }) =>
			step("review.request-rework", request.bead_id, {
				message: mendConflict(review.branch, branch, where),
			}),
		),
		ruledOut: ["a conflict with the rig's own branch"],
		needs: files.length > 0 ? [] : ["the files in conflict"],
	});
}

/** The bead of the convoy that was merged last before this moment. */
const mergedBefore = (members: readonly Bead[], at: number): Bead | undefined =>
	members
		.filter(({ status, closed_at }) => status === "closed" && (timeOf(closed_at) ?? 0) <= at)
		.sort((a, b) => (timeOf(a.closed_at) ?? 0) - (timeOf(b.closed_at) ?? 0))
		.at(-1);
