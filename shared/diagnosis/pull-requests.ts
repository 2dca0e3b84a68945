import {
	type Bead,
	isTerminal,
	type ReviewMetadata,
	readGitUrl,
	readPullUrl,
	reviewState,
} from "../gastown/index.ts";
import { metadataOf, timeOf, trackedBy } from "../town-view/index.ts";
import { bead, distinct, type Facts, rowOf, told, withConvoys } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { firstOf, step } from "./remedies.ts";
import { POLLS_MISSED } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "Code won't merge": merge requests that wait for their pull request at the forge (scenarios.md §3). */
export const pullRequests = (facts: Facts): Finding[] =>
	facts.unfinished.flatMap((one) => {
		const review = watched(facts, one);
		if (!review) return [];
		const bad = whyBadUrl(facts, one, review);
		return bad === null ? unheard(facts, one, review) : [badUrl(facts, one, review, bad)];
	});

/** The row of a merge request whose pull request is waited for; null for any other bead. */
function watched({ look }: Facts, one: Bead): ReviewMetadata | null {
	const review =
		one.type === "merge_request" && !isTerminal(one.status) ? look.review(one.bead_id) : undefined;
	return review && review.pr_url !== null && reviewState(one, review) === "watched" ? review : null;
}

/** What is wrong with the address of a pull request, in words that go on after "its pull request"; null where nothing is known to be. */
export function whyBadUrl({ look }: Facts, one: Bead, review: ReviewMetadata): string | null {
	if (review.pr_url === null) return null;
	const place = readPullUrl(review.pr_url);
	const rig = readGitUrl(look.rig(one.rig_id ?? "")?.git_url ?? "");
	if (review.poll_failures > 0 && review.poll_error_kind === "http_404")
		return "does not exist at the forge (404)";
	if (!rig) return null;
	if (!place) return "has an address that names none";
	if (place.host !== rig.host) return `is at ${place.host}, not at the rig's ${rig.host}`;
	return place.owner === rig.owner && place.name === rig.name
		? null
		: `is of ${place.owner}/${place.name}, not of the rig's ${rig.owner}/${rig.name}`;
}

const behindReview = (facts: Facts, one: Bead) =>
	distinct(trackedBy(facts.view, one.bead_id).flatMap((work) => withConvoys(facts, work.bead_id)));

/** The way out of an address that leads nowhere: a new review makes a new pull request. */
export const newReview = (facts: Facts, one: Bead) =>
	firstOf(
		facts,
		step("review.retry", one.bead_id, { at: "head" }),
		step("review.close", one.bead_id, { source: "reopen" }),
	);

function badUrl(facts: Facts, one: Bead, review: ReviewMetadata, bad: string): Finding {
	const since = timeOf(one.status_since) ?? timeOf(one.updated_at) ?? facts.now;
	const { branch, branch_pr: other } = review;
	const link = other?.url ? firstOf(facts, step("review.link-pr", one.bead_id, { url: other.url })) : [];
	return told({
		code: "review.bad-pr-url",
		severity: "warning",
		subject: bead(one.bead_id),
		sentence: `${facts.title(one.bead_id)} waits for a pull request that ${bad}`,
		measured: [
			`Reported: ${inShort(review.pr_url ?? "", 120)}.`,
			review.poll_failures > 0
				? `Asked in vain ${count(review.poll_failures, "time")}: ${inShort(review.poll_error ?? review.poll_error_kind ?? "no answer")}`
				: "The forge has not been asked in vain yet.",
			...(other?.url ? [`Its branch ${branch} has another: ${inShort(other.url, 120)}.`] : []),
		],
		evidence: [
			rowOf("the address that was reported", "review_metadata", one.bead_id, timeOf(review.last_poll_at)),
			rowOf("the rig's repository", "rigs", one.rig_id ?? ""),
		],
		since,
		behind: behindReview(facts, one),
		recovers: {
			who: "button",
			text: `Not by itself: the town gives it up and the work is done again. ${link.length > 0 ? "Link the pull request that its branch has" : "A new review makes a new pull request"}.`,
		},
		remedy: link.length > 0 ? link : newReview(facts, one),
		ruledOut: [
			"a pull request that waits for approval",
			"a forge that does not answer",
			...(other?.url === null ? [`another pull request of ${branch}`] : []),
		],
		needs: other ? [] : [`whether a pull request of ${branch} exists: link that one instead`],
	});
}

/** The forge knows more than the town: its word does not come through. */
function unheard(facts: Facts, one: Bead, review: ReviewMetadata): Finding[] {
	const { now, limits, look } = facts;
	const merged = review.pr_state === "merged";
	const polled = timeOf(review.last_poll_at);
	const good = timeOf(review.polled_ok_at) ?? (review.poll_failures === 0 ? polled : null);
	const since = good ?? timeOf(one.status_since) ?? timeOf(one.updated_at) ?? now;
	const foreign = look.town("config")?.external_container === true;
	const late = now - since >= POLLS_MISSED * limits.poll_pr_ms;
	const fails = review.poll_failures > 0 && late;
	const unasked = polled !== null && now - polled >= POLLS_MISSED * limits.poll_pr_ms && !foreign;
	if (!merged && !fails && !unasked) return [];
	const title = facts.title(one.bead_id);
	const unsure = "if its pull request was merged meanwhile, the town does not know";
	return [
		told({
			code: "review.waiting-for-webhook",
			severity: "warning",
			subject: bead(one.bead_id),
			sentence: merged
				? `The forge says that the pull request of ${title} is merged, and the town still waits for it`
				: fails
					? `The forge has not answered about ${title} for ${span(now - since)}: ${unsure}`
					: `Nobody has asked the forge about ${title} for ${span(now - (polled ?? now))}: ${unsure}`,
			measured: [
				`The forge's last good answer ${good === null ? "was never seen" : `was ${ago(now - good)}`}: ${review.pr_state ?? "nothing"}${review.poll_failures > 0 ? `; ${count(review.poll_failures, "question")} failed since, the last: ${inShort(review.poll_error ?? review.poll_error_kind ?? "")}` : ""}.`,
			],
			evidence: [
				rowOf(`the pull request: ${review.pr_state ?? "not known"}`, "review_metadata", one.bead_id, good),
				rowOf(`the merge request is ${one.status}`, "beads", one.bead_id, timeOf(one.updated_at)),
			],
			since,
			behind: behindReview(facts, one),
			recovers: {
				who: "self",
				at: polled === null ? null : polled + limits.poll_pr_ms,
				text: "Once the forge answers: it is asked every minute. Press to ask now.",
			},
			remedy: firstOf(facts, step("review.poll", one.bead_id)),
			ruledOut: [
				"an address that names no pull request",
				...(merged ? ["a merge that is still to come"] : []),
			],
			needs: merged ? [] : ["what the forge says of the pull request now"],
			because: unasked && !fails ? "town.alarm-dead:town:town" : null,
		}),
	];
}

/** It is ready but for a person: an approval, a check, or a merge that nobody but a person does. A wait, no failure. */
export function awaitsHuman(facts: Facts, one: Bead): { what: string; url: string; since: number } | null {
	const review = watched(facts, one);
	if (review?.pr_state !== "open" || review.poll_failures > 0) return null;
	const { auto_merge, auto_merge_delay_minutes } = facts.rigLimits(one.rig_id ?? "");
	const failed = review.change?.checks?.failed ?? [];
	const byHand = !auto_merge || auto_merge_delay_minutes === null;
	const what =
		review.mergeable_state === "blocked" || metadataOf(one).awaiting_approval === true
			? failed.length > 0
				? `its checks to pass (${inShort(failed.join(", "), 60)})`
				: "an approval"
			: byHand && review.mergeable_state !== "dirty"
				? "somebody to merge it"
				: null;
	const since = timeOf(one.status_since) ?? timeOf(one.updated_at) ?? facts.now;
	return what === null ? null : { what, url: review.pr_url ?? "", since };
}
