import { type Agent, type Bead, nextDispatchAt, workerFor } from "../gastown/index.ts";
import { blockersOf, convoysOf, labelsOf, lastExitOf, timeOf } from "../town-view/index.ts";
import { stopHolding } from "./awaited-stops.ts";
import { agent, bead, behindBead, distinct, type Facts, once, rigOf, rowOf, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { push } from "./lists.ts";
import { step } from "./remedies.ts";
import { townWaits } from "./town-waits.ts";
import { beadWait, isNoWork } from "./waits.ts";
import { count, names, span } from "./words.ts";

/**
 * What none of the rules knows (design D6): work is ready, somebody is free, and nothing starts it. Said as such, with what was
 * ruled out, and only where no reason to wait holds (scenarios.md §0).
 */
export function undispatched(facts: Facts): Finding[] {
	if (facts.container?.status !== "running" || townWaits(facts).length > 0) return [];
	const stuck = new Map<string, Stuck[]>();
	const findings: Finding[] = [];
	for (const one of readyUnstarted(facts)) {
		if (facts.now - one.since < facts.limits.undispatched_ms) continue;
		if (one.hooked) findings.push(notStarted(facts, one.work, one.hooked, one.since));
		else push(stuck, one.work.rig_id ?? "", one);
	}
	return [...findings, ...[...stuck].map(([rig, list]) => passedOver(facts, rig, list))];
}

type Hand = { agent: Agent; since: number };
/** Since when somebody could begin it: whoever has it on the hook, or one of these who are free. */
type Stuck = { work: Bead; since: number; hands: Hand[]; hooked: Agent | null };

/** Ready work that somebody who is free could begin. */
export const readyUnstarted = once((facts): Stuck[] => {
	const free = freeHands(facts);
	return facts.unfinished.flatMap((work): Stuck[] => {
		if (work.status !== "open" || !isReady(facts, work)) return [];
		const [hooked] = facts.look.agentsHookedTo(work.bead_id);
		if (hooked) {
			if (hooked.status !== "idle" || stopHolding(facts, work.bead_id, hooked.bead_id)) return [];
			return [
				{ work, hooked, hands: [], since: Math.max(readySince(facts, work), freeSince(facts, hooked)) },
			];
		}
		if (work.rig_id === null || work.assignee_agent_bead_id !== null) return [];
		const hands = free.get(handsKey(work.rig_id, roleFor(work))) ?? [];
		const [hand] = hands;
		return hand ? [{ work, hands, hooked: null, since: Math.max(hand.since, readySince(facts, work)) }] : [];
	});
});

const roleFor = (work: Bead): string => workerFor({ type: work.type, labels: labelsOf(work) });
const handsKey = (rig: string, role: string): string => `${role}/${rig}`;

/** Agents that could take work at once, the longest free first; none in a rig that has as many at work as it may. */
function freeHands(facts: Facts): Map<string, Hand[]> {
	const free = new Map<string, Hand[]>();
	const working = new Map<string, number>();
	for (const one of facts.agents) {
		const rig = facts.look.bead(one.bead_id)?.rig_id;
		if (!rig) continue;
		const key = handsKey(rig, one.role);
		if (one.status === "working") working.set(key, (working.get(key) ?? 0) + 1);
		if (one.status !== "idle" || one.current_hook_bead_id !== null) continue;
		if (stopHolding(facts, "", one.bead_id)) continue;
		const list = free.get(key) ?? [];
		free.set(key, list);
		list.push({ agent: one, since: freeSince(facts, one) });
	}
	for (const rig of facts.view.tables.rigs.keys()) {
		const key = handsKey(rig, "polecat");
		if ((working.get(key) ?? 0) >= facts.rigLimits(rig).max_polecats_per_rig) free.delete(key);
	}
	for (const list of free.values()) list.sort((a, b) => a.since - b.since);
	return free;
}

/** Since its last sign of work; its row says no better. */
const freeSince = (facts: Facts, one: Agent): number =>
	Math.max(
		timeOf(facts.look.bead(one.bead_id)?.created_at) ?? facts.now,
		timeOf(one.last_event_at) ?? 0,
		timeOf(one.last_activity_at) ?? 0,
		timeOf(lastExitOf(one)?.at) ?? 0,
	);

/** Nothing that the rules know keeps it: no hold, blocker, back-off, used-up starts, staged convoy or awaited stop. */
export function isReady(facts: Facts, one: Bead): boolean {
	if (!TAKEN.includes(one.type) || isNoWork(one) || beadWait(facts, one) !== null) return false;
	if (one.dispatch_attempts >= facts.maxAttempts(one.rig_id)) return false;
	if (blockersOf(facts.view, one.bead_id).some((blocker) => blocker.bead?.status !== "closed")) return false;
	if (stopHolding(facts, one.bead_id, undefined)) return false;
	const { convoy_metadata } = facts.view.tables;
	return !convoysOf(facts.view, one.bead_id).some((convoy) => convoy_metadata.get(convoy.bead_id)?.staged);
}
const TAKEN: readonly string[] = ["issue", "merge_request", "molecule"];

/** Since its row (its last change, unless `own` is known), its blockers, its back-off, the town's holds and its container allow a start. */
export function readySince(
	facts: Facts,
	one: Bead,
	own: number = timeOf(one.updated_at) ?? facts.now,
): number {
	const state = facts.view.tables.town_state;
	return Math.max(
		own,
		nextDispatchAt(one) ?? 0,
		timeOf(facts.container?.since) ?? 0,
		timeOf(facts.look.town("dispatch_pause")?.until) ?? 0,
		...HOLDS.map((key) => timeOf(state.get(key)?.updated_at) ?? 0),
		...blockersOf(facts.view, one.bead_id).map((blocker) => timeOf(blocker.bead?.closed_at) ?? 0),
	);
}
const HOLDS = ["billing", "run_policy", "drain", "stops"] as const;

const RULED_OUT = [
	"a hold", "an open or failed blocker", "back-off", "starts used up", "a staged convoy", "a pause, a drain or billing",
	"a stop that is awaited", "agents that all have work", "the rig's limit of agents", "a container at rest",
]; // biome-ignore format: a list

function passedOver(facts: Facts, rig: string, list: Stuck[]): Finding {
	const [first, ...others] = list.sort((a, b) => a.since - b.since) as [Stuck, ...Stuck[]];
	const [hand] = first.hands as [Hand, ...Hand[]];
	const idle = names(
		distinct(list.flatMap(({ hands }) => hands.map((one) => agent(one.agent.bead_id)))).map(({ id }) =>
			facts.agentName(id),
		),
	);
	const title = facts.title(first.work.bead_id);
	const what =
		others.length === 0
			? `${title} is`
			: `${title} and ${others.length} more of rig ${facts.rigName(rig)} are`;
	const free = facts.agentName(hand.agent.bead_id);
	return told({
		code: "bead.undispatched",
		severity: "warning",
		subject: rigOf(rig),
		sentence: `${what} stuck for ${span(facts.now - first.since)}, none of the known causes: ready, and nothing starts ${others.length === 0 ? "it" : "them"}`,
		measured: [
			`Free: ${idle}, ${free} for ${span(facts.now - hand.since)}. A scheduler looks every 5 min at its slowest.`,
		],
		evidence: [
			...list.slice(0, 3).map(({ work }) => rowOf("ready", "beads", work.bead_id, timeOf(work.updated_at))),
			rowOf(`${free} is idle`, "agent_metadata", hand.agent.bead_id, hand.since),
		],
		since: first.since,
		behind: distinct(list.flatMap(({ work }) => [bead(work.bead_id), ...behindBead(facts, work)])),
		recovers: {
			who: "button",
			text: `Not known. Giving ${title} to ${free} makes the choice that was not made.`,
		},
		remedy: [step("bead.reassign", first.work.bead_id, { agent: hand.agent.bead_id })],
		ruledOut: RULED_OUT,
		needs: ["what the town's scheduler did at its last looks"],
	});
}

/** On a hook, with its agent idle: the next look of the scheduler was to start it. */
function notStarted(facts: Facts, work: Bead, hooked: Agent, since: number): Finding {
	const name = facts.agentName(hooked.bead_id);
	return told({
		code: "agent.undispatched",
		severity: "warning",
		subject: agent(hooked.bead_id),
		sentence: `${name} is stuck for ${span(facts.now - since)}, none of the known causes: it has ${facts.title(work.bead_id)} and is not started`,
		measured: [
			`${count(work.dispatch_attempts, "start")} so far. A scheduler looks every 5 min at its slowest.`,
		],
		evidence: [
			rowOf(`${name} is idle`, "agent_metadata", hooked.bead_id),
			rowOf("the bead is open", "beads", work.bead_id, timeOf(work.updated_at)),
		],
		since,
		behind: distinct([bead(work.bead_id), ...behindBead(facts, work)]),
		recovers: { who: "button", text: "Not known. Taken off, its bead is free for any agent of the rig." },
		remedy: [step("agent.unhook", hooked.bead_id)],
		ruledOut: RULED_OUT,
		needs: ["what the town's scheduler did at its last looks"],
	});
}
