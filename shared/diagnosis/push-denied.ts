import type { GitFailure } from "../gastown/index.ts";
import { timeOf, trackersOf } from "../town-view/index.ts";
import { toldWithConvoy } from "./convoys.ts";
import { tokenRow } from "./credential-words.ts";
import { bead, behindBead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { gitTroubleOf } from "./journals.ts";
import { push } from "./lists.ts";
import { firstOf, step } from "./remedies.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "Code won't merge": the token may read and not push (scenarios.md §3). One line for each rig. */
export function pushDenied(facts: Facts): Finding[] {
	const denied = new Map<string, GitFailure[]>();
	for (const failure of facts.gitFailures)
		if (failure.operation === "push" && failure.outcome === "denied" && matters(facts, failure))
			push(denied, failure.rig_id, failure);
	return [...denied].map(([rig, list]) => tellDenied(facts, rig, list));
}

/** Its work is still to be brought in: not closed, and not failed with another that took its place. */
function matters(facts: Facts, { bead_id }: GitFailure): boolean {
	const { look, view } = facts;
	const one = bead_id === null ? undefined : look.bead(bead_id);
	if (!one || one.status === "closed") return false;
	if (one.status !== "failed" || one.type !== "merge_request") return true;
	if (toldWithConvoy(facts, one)) return false;
	const [source] = look
		.dependenciesOf(one.bead_id)
		.filter(({ dependency_type }) => dependency_type === "tracks");
	return !trackersOf(view, source?.depends_on_bead_id ?? "").some(
		(other) => other.type === "merge_request" && other.status !== "failed",
	);
}

function tellDenied(facts: Facts, rig: string, list: GitFailure[]): Finding {
	const { look, now } = facts;
	const [first, ...others] = list as [GitFailure, ...GitFailure[]];
	const id = first.bead_id ?? "";
	const since = timeOf(first.since) ?? now;
	const known = look.credential(rig, "git");
	const verified = timeOf(known?.verified_at);
	const times = list.reduce((sum, { times }) => sum + times, 0);
	const again = [id, ...trackersOf(facts.view, id).map((one) => one.bead_id)].filter(
		(one) => look.bead(one)?.type === "merge_request" && !(look.bead(one)?.status === "closed"),
	);
	return told({
		code: "review.push-denied",
		severity: "critical",
		subject: bead(id),
		sentence: `The forge refuses what ${facts.title(id)} pushes, ${count(times, "try", "tries")} in ${span(now - since)}: the token of rig ${facts.rigName(rig)} may not push`,
		measured: [
			`git: ${inShort(first.stderr || "permission denied", 160)}`,
			known
				? `The token was ${verified === null ? "never verified" : `verified ${ago(now - verified)}`}; its integration: ${known.last_outcome ?? "not asked"}.`
				: "Nothing is known of its token.",
		],
		evidence: [
			rowOf("push denied", "town_state", "git_failures", timeOf(first.at)),
			rowOf("the command", "git_operations", String(first.id), timeOf(first.at)),
			...(known ? [tokenRow(`its token: ${known.last_outcome}`, known, timeOf(known.last_outcome_at))] : []),
			...gitTroubleOf(facts, id)
				.slice(-2)
				.map(({ row }) => row),
		],
		since,
		behind: distinct(
			list.flatMap(({ bead_id }) => {
				const work = look.bead(bead_id ?? "");
				return work ? [...(work.bead_id === id ? [] : [bead(work.bead_id)]), ...behindBead(facts, work)] : [];
			}),
		),
		recovers: {
			who: "button",
			text: `Not by itself: it needs a token that may push${others.length > 0 ? ", for all of them" : ""}.`,
		},
		remedy: [
			step("credential.refresh", "town", { credential: "git", rig }),
			...firstOf(facts, ...again.map((one) => step("review.retry", one, { at: "head" }))),
		],
		ruledOut: [
			"a conflict",
			...(verified === null ? [] : ["a token that was never good"]),
			...(known?.last_outcome === "ok" ? ["a revoked integration"] : []),
		],
		needs: known ? [] : ["what the forge says of the rig's token"],
		because: `credential.*:credential:${rig}/git`,
	});
}
