import type { Bead } from "../gastown/index.ts";
import { failureOf, timeOf, trackersOf } from "../town-view/index.ts";
import { bead, behindBead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { OLD_FAILURE_MS } from "./thresholds.ts";
import { ago, inShort } from "./words.ts";

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
	const conflict = reason?.code === "merge_conflict";
	const lost = work.status === "closed" || work.status === "failed";
	const title = facts.title(work.bead_id);
	const target = view.tables.review_metadata.get(request.bead_id)?.target_branch ?? "its target";
	const git = [...view.tables.git_operations.values()].filter(
		(operation) => operation.bead_id === request.bead_id && operation.outcome !== "ok",
	);
	const stderr = git.at(-1)?.stderr;
	return [
		told({
			code: conflict ? "review.merge-conflict" : "review.merge-failed",
			severity: lost && now - at <= OLD_FAILURE_MS ? "warning" : "notice",
			subject: bead(request.bead_id),
			sentence:
				`${title} was not merged ${ago(now - at)}${reason ? `: ${inShort(reason.message)}` : ""}. ` +
				(lost
					? `It is ${work.status === "closed" ? "Closed" : "Failed"}, and its work is not on ${target}`
					: "Its work is given out again"),
			measured: [
				`${conflict ? "A conflict" : `A failure (${reason?.code ?? "no reason kept"})`} with ${target}; no later merge request of this bead.`,
				...(stderr ? [`git: ${inShort(stderr, 160)}`] : []),
			],
			evidence: [
				rowOf("the failed merge request", "beads", request.bead_id, at),
				rowOf(`its bead is ${work.status}`, "beads", work.bead_id, timeOf(work.updated_at)),
				...git
					.slice(-2)
					.map((one) =>
						rowOf(`git ${one.operation}: ${one.outcome}`, "git_operations", String(one.id), timeOf(one.at)),
					),
			],
			since: at,
			behind: lost ? distinct([bead(work.bead_id), ...behindBead(facts, work)]) : [],
			recovers: lost
				? { who: "button", text: "Not by itself: nobody works on it any more. Reopen its bead." }
				: { who: "self", at: null, text: "When its bead was worked on again and reviewed." },
			remedy: lost ? [{ name: "bead.reopen", target: work.bead_id, params: { release: true } }] : [],
			ruledOut: lost ? ["a later merge request", "work that goes on"] : [],
			needs: reason ? [] : ["why it failed: no reason was kept"],
		}),
	];
}
