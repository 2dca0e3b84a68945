import type { Bead } from "../gastown/index.ts";
import { waitsFor } from "../interventions/bead-dependency.ts";
import { blockersOf, failureOf, labelsOf, timeOf } from "../town-view/index.ts";
import { type Blocked, blockedBeads } from "./blocking.ts";
import { CONTAINER_DIED, containerDeath } from "./container-died.ts";
import { agent, bead, behindBead, distinct, type Facts, rowOf, told, withConvoys } from "./facts.ts";
import type { Finding, Recovery, RemedyStep, Subject } from "./finding.ts";
import { push } from "./lists.ts";
import { startAgain, step } from "./remedies.ts";
import { OLD_FAILURE_MS } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "My bead has been open forever" (scenarios.md §2). */
export function stuckBeads(facts: Facts): Finding[] {
	const blocked = blockedBeads(facts);
	const behind = new Map<string, Subject[]>();
	for (const [id, { culprit }] of blocked) push(behind, culprit, ...withConvoys(facts, id));
	const firsts = new Map<string, string>();
	const findings = facts.unfinished.flatMap((one) => deadAssignee(facts, one));
	for (const [id, why] of blocked) {
		const one = facts.look.bead(id);
		// What runs is not waiting; what a person put aside has a reason to wait, told as a notice (scenarios.md §0).
		if (one?.status !== "open" || labelsOf(one).includes("gt:held")) continue;
		const root = firsts.get(why.culprit);
		if (root === undefined) firsts.set(why.culprit, id);
		const stands = root === undefined ? distinct(behind.get(why.culprit) ?? EMPTY) : EMPTY;
		const others = stands.filter((subject) => subject.id !== id);
		findings.push(blockedByDependency(facts, one, why, root ?? null, others));
	}
	return findings;
}
const EMPTY: Subject[] = [];

/** Assigned, or in progress, and no agent has it on its hook: nothing will take it up. */
function deadAssignee(facts: Facts, one: Bead): Finding[] {
	if (one.status !== "open" && one.status !== "in_progress") return [];
	const assignee = one.assignee_agent_bead_id;
	if (assignee === null && one.status === "open") return [];
	if (facts.view.indexes.agentsByHook.has(one.bead_id)) return [];
	const at = timeOf(one.updated_at);
	const holder = assignee === null ? undefined : facts.look.agent(assignee);
	const alive = holder !== undefined && holder.status !== "dead";
	if (at === null || (alive || assignee === null ? facts.now - at < facts.limits.stale_work_ms : false))
		return [];
	const name = assignee === null ? "nobody" : facts.agentName(assignee);
	const what =
		assignee === null ? "nobody works on it"
		: !holder ? `${name}, who has it, does not exist any more`
		: !alive ? `${name}, who has it, was taken out of the town`
		: `${name} has it without working on it`; // biome-ignore format: a table
	const caught = assignee !== null && containerDeath(facts)?.stop.agents.includes(assignee);
	return [
		told({
			code: "bead.dead-assignee",
			severity: "warning",
			subject: bead(one.bead_id),
			sentence: `${facts.title(one.bead_id)} waits for an agent that will not come: ${what}`,
			measured: [
				`${one.status === "open" ? "Open" : "In progress"} and assigned to ${name}; no agent is hooked to it. Unchanged for ${span(facts.now - at)}.`,
			],
			evidence: [
				rowOf(`assignee ${name}`, "beads", one.bead_id, at),
				...(holder ? [rowOf(`${name} is ${holder.status}`, "agent_metadata", holder.bead_id)] : []),
			],
			since: at,
			behind: distinct([...behindBead(facts, one), ...(alive && assignee !== null ? [agent(assignee)] : [])]),
			recovers: { who: "button", text: "Not by itself: an assigned bead is given to nobody else." },
			remedy: [step("bead.reassign", one.bead_id, { agent: null })],
			ruledOut: ["an agent hooked to it", "a start under way"],
			because: caught ? CONTAINER_DIED : null,
		}),
	];
}

/** `root`: the first bead behind the same culprit, under which this one stands. */
function blockedByDependency(
	facts: Facts,
	one: Bead,
	why: Blocked,
	root: string | null,
	behind: Subject[],
): Finding {
	const culprit = facts.look.bead(why.culprit);
	const since = Math.max(timeOf(one.created_at) ?? 0, timeOf(culprit?.closed_at) ?? 0) || facts.now;
	return told({
		code: "bead.blocked-by-dependency",
		severity: facts.now - since > OLD_FAILURE_MS ? "notice" : "warning",
		subject: bead(one.bead_id),
		sentence: sentenceOf(facts, one, why, culprit),
		measured: measuredOf(why, culprit),
		evidence: [
			rowOf("the bead that waits", "beads", one.bead_id, timeOf(one.updated_at)),
			rowOf("the dependency", "bead_dependencies", JSON.stringify([why.first, why.culprit])),
			...(culprit ? [rowOf(`the blocker is ${culprit.status}`, "beads", culprit.bead_id, since)] : []),
		],
		since,
		behind,
		...wayOut(facts, why),
		ruledOut: ["an open blocker that can still finish", "a hold", "back-off"],
		because: root === null ? null : `bead.blocked-by-dependency:bead:${root}`,
	});
}

function sentenceOf(facts: Facts, one: Bead, why: Blocked, culprit: Bead | undefined): string {
	const title = facts.title(one.bead_id);
	const blocker = facts.title(why.culprit);
	if (why.end === "cycle")
		return why.culprit === one.bead_id
			? `${title} waits for itself: its dependencies go round in a circle`
			: `${title} waits for ${blocker}, which waits for itself`;
	if (why.end === "missing")
		return `${title} waits for a bead that does not exist any more (${why.culprit.slice(0, 8)})`;
	const at = timeOf(culprit?.closed_at);
	return `${title} waits for ${blocker}, which failed${at === null ? "" : ` ${ago(facts.now - at)}`} and is not retried`;
}

function measuredOf(why: Blocked, culprit: Bead | undefined): string[] {
	const lines = [
		why.links === 0
			? "Every bead of the circle waits for the next."
			: why.links === 1
				? "It waits for it directly."
				: `It waits for it by way of ${count(why.links - 1, "other bead")}.`,
	];
	const reason = culprit && failureOf(culprit);
	if (reason) lines.push(`It failed with ${reason.code}: ${inShort(reason.message)}`);
	return lines;
}

/** Reopening a failed blocker truly helps; one that is gone, or a circle, is let go of. */
function wayOut(facts: Facts, why: Blocked): { recovers: Recovery; remedy: RemedyStep[] } {
	if (why.end === "failed")
		return {
			recovers: { who: "button", text: "Not by itself: a failed blocker blocks for good. Retry it." },
			remedy: startAgain(facts, why.culprit),
		};
	const [target, on] =
		why.end === "cycle" ? [why.culprit, nextInCycle(facts, why.culprit)] : [why.first, why.culprit];
	return {
		recovers: {
			who: "button",
			text:
				why.end === "cycle"
					? `Not by itself: the circle has to be cut. This cuts it behind ${facts.title(target)}; whoever made it may know a better place.`
					: "Not by itself: a bead that is gone never closes.",
		},
		remedy: on === undefined ? [] : [step("bead.unblock", target, { on })],
	};
}

/** Of what a bead of a circle waits for directly, what waits for it in turn. */
const nextInCycle = ({ view, look }: Facts, id: string): string | undefined =>
	blockersOf(view, id).find(({ id: on }) => waitsFor(on, id, look))?.id;
