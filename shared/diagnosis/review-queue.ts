import { type Agent, type Bead, byQueue, priorityRank, waitsForReview } from "../gastown/index.ts";
import { inQueue } from "../interventions/review-reading.ts";
import { blockersOf, labelsOf, timeOf, trackedBy } from "../town-view/index.ts";
import { diedWithContainer } from "./container-died.ts";
import {
	agent,
	bead,
	distinct,
	type Facts,
	once,
	rigOf,
	rowOf,
	self,
	told,
	waitsSince,
	withConvoys,
} from "./facts.ts";
import type { Finding, Subject } from "./finding.ts";
import { push } from "./lists.ts";
import { endsAt, silentSince } from "./progress.ts";
import { firstOf, step } from "./remedies.ts";
import { MERGE_RATE_MS, REVIEWS_MANY } from "./thresholds.ts";
import { count, span } from "./words.ts";

/** Of one rig: what its refinery is at, and what waits for it, first in line first. */
type Queue = { head: Bead | null; refinery: Agent | null; waiting: Bead[] };

const queues = once((facts): Map<string, Queue> => {
	const { view, look } = facts;
	const found = new Map<string, Queue>();
	const waiting = new Map<string, { one: Bead; place: ReturnType<typeof inQueue> }[]>();
	for (const one of facts.unfinished) {
		const review = one.type === "merge_request" ? look.review(one.bead_id) : undefined;
		if (!review || one.rig_id === null) continue;
		if (!found.has(one.rig_id)) found.set(one.rig_id, { head: null, refinery: null, waiting: [] });
		const queue = found.get(one.rig_id) as Queue;
		if (one.status === "in_progress" && queue.head === null)
			Object.assign(queue, { head: one, refinery: look.agentsHookedTo(one.bead_id)[0] ?? null });
		const held = labelsOf(one).includes("gt:held");
		const blocked =
			view.indexes.dependencies.has(one.bead_id) &&
			blockersOf(view, one.bead_id).some((blocker) => blocker.bead?.status !== "closed");
		if (waitsForReview(one, review) && !held && !blocked)
			push(waiting, one.rig_id, { one, place: inQueue(one, review) });
	}
	for (const [rig, list] of waiting)
		(found.get(rig) as Queue).waiting = list.sort((a, b) => byQueue(a.place, b.place)).map(({ one }) => one);
	return found;
});

/** Place in line of what waits for a refinery. */
const places = once(
	(facts) =>
		new Map(
			[...queues(facts).values()].flatMap(({ waiting }) =>
				waiting.map((one, n) => [one.bead_id, n] as const),
			),
		),
);

/** How many reviews come before this one, the one under way included; null where it does not wait for its turn. */
export function reviewsBefore(facts: Facts, one: Bead): number | null {
	const place = places(facts).get(one.bead_id);
	if (place === undefined) return null;
	const busy = (queues(facts).get(one.rig_id ?? "")?.head ?? null) === null ? 0 : 1;
	return place + busy > 0 ? place + busy : null;
}

/** Milliseconds from one merge of a rig to the next, by those of the last hour; null where none was. */
function mergeEvery(facts: Facts, rig: string): number | null {
	const merged = facts.merges.get(rig)?.length ?? 0;
	return merged === 0 ? null : MERGE_RATE_MS / merged;
}

/** It is a refinery without progress, and others wait behind what it is at. */
export const holdsUpQueue = (facts: Facts, one: Agent): boolean =>
	one.role === "refinery" &&
	[...queues(facts).values()].some(
		({ refinery, waiting }) => refinery?.bead_id === one.bead_id && waiting.length > 0,
	);

/** "Code won't merge" and "my bead has been open forever": the queue in front of a rig's refinery (scenarios.md §2, §3). */
export const reviewQueues = (facts: Facts): Finding[] =>
	[...queues(facts)].flatMap(([rig, queue]) => {
		const stuck = bottleneck(facts, rig, queue);
		return stuck.length > 0 ? stuck : backedUp(facts, rig, queue);
	});

function bottleneck(facts: Facts, rig: string, { head, refinery, waiting }: Queue): Finding[] {
	const since = refinery ? silentSince(facts, refinery) : null;
	if (!head || !refinery || since === null || waiting.length === 0) return [];
	const name = facts.agentName(refinery.bead_id);
	const silence = span(facts.now - since);
	const reset = step("agent.reset", refinery.bead_id);
	return [
		told({
			code: "review.bottleneck",
			severity: facts.now - since >= facts.limits.gupp_escalate_ms ? "critical" : "warning",
			subject: bead(head.bead_id),
			sentence: `${facts.title(head.bead_id)} holds up the reviews of rig ${facts.rigName(rig)}: ${name} has done nothing on it for ${silence}, and ${count(waiting.length, "merge request")} ${waiting.length === 1 ? "waits" : "wait"} behind it`,
			measured: [
				`${name} is ${refinery.status}, last event ${refinery.last_event_type ?? "not seen"}; no tool runs.`,
			],
			evidence: [
				rowOf("the review under way", "beads", head.bead_id, timeOf(head.updated_at)),
				rowOf(`${name}'s last event`, "agent_metadata", refinery.bead_id, since),
				...waiting.slice(0, 2).map((one) => rowOf("waits behind it", "beads", one.bead_id)),
			],
			since,
			behind: behindReviews(facts, [head, ...waiting]).filter(({ id }) => id !== head.bead_id),
			recovers: {
				who: "self",
				at: endsAt(facts, refinery, since),
				text: `Gastown stops it after ${span(facts.limits.gupp_stop_ms)} without progress, and the review begins anew.`,
			},
			remedy: [reset, ...firstOf(facts, step("review.retry", head.bead_id, { at: "end" }))],
			ruledOut: ["a long tool", "a permission", "the network", "the model's limits"],
			because: diedWithContainer(facts, refinery.bead_id),
		}),
	].map((finding) => ({ ...finding, behind: distinct([agent(refinery.bead_id), ...finding.behind]) }));
}

function backedUp(facts: Facts, rig: string, { head, refinery, waiting }: Queue): Finding[] {
	const longest = waiting.toSorted((a, b) => waitsSince(a) - waitsSince(b))[0];
	if (!longest || waiting.length < REVIEWS_MANY || head === null) return [];
	const since = waitsSince(longest);
	if (facts.now - since < facts.limits.review_long_ms) return [];
	const every = mergeEvery(facts, rig);
	// Who is next gains nothing by a higher priority.
	const later = waiting.slice(1).toSorted((a, b) => waitsSince(a) - waitsSince(b))[0] ?? longest;
	const place = waiting.indexOf(later) + 1;
	const priority = priorityRank(later.priority) > 1 ? "high" : "critical";
	return [
		told({
			code: "bead.review-backed-up",
			severity: "warning",
			subject: rigOf(rig),
			sentence: `${count(waiting.length, "merge request")} wait for review in rig ${facts.rigName(rig)}, ${facts.title(longest.bead_id)} for ${span(facts.now - since)}, and the refinery makes progress`,
			measured: [
				`${facts.title(later.bead_id)} is number ${place} in line: ${every === null ? "none was merged in the last hour" : `one is merged every ${span(every)}, its turn comes in about ${span(every * place)}`}.`,
			],
			evidence: [
				rowOf("the longest wait", "beads", longest.bead_id, since),
				...(later === longest
					? []
					: [rowOf(`number ${place} in line`, "beads", later.bead_id, waitsSince(later))]),
				rowOf("the review under way", "beads", head.bead_id, timeOf(head.updated_at)),
				...(refinery
					? [rowOf("its refinery", "agent_metadata", refinery.bead_id, timeOf(refinery.last_event_at))]
					: []),
			],
			since,
			behind: behindReviews(facts, waiting),
			recovers: self("When those before it are through. A higher priority brings one of them forward."),
			remedy: later.priority === "critical" ? [] : [step("bead.priority", later.bead_id, { priority })],
			ruledOut: ["a refinery without progress", "a review that blocks the others"],
			needs: every === null ? ["a merge in the last hour, for the expected wait"] : [],
		}),
	];
}

/** Merge requests with the work that each brings in, and its convoys. */
const behindReviews = (facts: Facts, list: readonly Bead[]): Subject[] =>
	distinct(
		list.flatMap((one) => [
			bead(one.bead_id),
			...trackedBy(facts.view, one.bead_id).flatMap((work) => withConvoys(facts, work.bead_id)),
		]),
	);
