import { type Agent, type Bead, isTerminal } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import { CONTAINER_DIED, diedWithContainer } from "./container-died.ts";
import {
	agent,
	bead,
	behindBead,
	distinct,
	type Facts,
	once,
	rigOf,
	rowOf,
	told,
	waitsSince,
} from "./facts.ts";
import { type Finding, findingKey, type Subject } from "./finding.ts";
import { push } from "./lists.ts";
import { endsAt, silentSince } from "./progress.ts";
import { step } from "./remedies.ts";
import { readySince } from "./undispatched.ts";
import { beadWait } from "./waits.ts";
import { ago, count, names, span } from "./words.ts";

/** Ready work of a rig that nobody can take: why none of its polecats is free (scenarios.md §1, §2). */
export const capacity = (facts: Facts): Finding[] =>
	[...facts.rigs.keys()].flatMap((rig) => {
		const inLine = waitingWork(facts).get(rig) ?? [];
		const waiting = inLine.map(({ work }) => work);
		const held = slotsHeld(facts, rig);
		if (held.length > 0)
			return waiting.length > 0 && isFull(facts, rig) ? namesExhausted(facts, rig, held, waiting) : [];
		if (silentAgents(facts, rig)) return allStalled(facts, rig, waiting);
		return noIdleAgent(facts, rig, waiting, inLine[0]?.since);
	});

export const allStalledKey = (rig: string): string =>
	findingKey({ code: "bead.all-stalled", subject: rigOf(rig) });

/** Work that would begin if somebody were free, by rig, longest wait first. */
const waitingWork = once((facts) => {
	const waiting = new Map<string, Waiting[]>();
	for (const one of facts.unfinished)
		if (
			one.rig_id !== null &&
			one.status === "open" &&
			beadWait(facts, one)?.code === "bead.waits-for-capacity"
		)
			// What waited for a blocker before did not wait for an agent.
			push(waiting, one.rig_id, { work: one, since: readySince(facts, one, waitsSince(one)) });
	for (const list of waiting.values()) list.sort((a, b) => a.since - b.since);
	return waiting;
});

/** Nothing but hands is missing `since` then, epoch milliseconds. */
type Waiting = { work: Bead; since: number };

const polecatsOf = ({ rigs }: Facts, rig: string): Agent[] => rigs.get(rig)?.polecats ?? [];
/** No further one is made (domain.md §0). */
const isFull = (facts: Facts, rig: string): boolean =>
	polecatsOf(facts, rig).length >= facts.rigLimits(rig).max_polecats_per_rig;

type Held = { one: Agent; work: Bead | undefined; since: number };

/** Polecats that have work on their hook which has ended, or is gone. */
const slotsHeld = (facts: Facts, rig: string): Held[] =>
	polecatsOf(facts, rig).flatMap((one) => {
		if (one.current_hook_bead_id === null) return [];
		const work = facts.look.bead(one.current_hook_bead_id);
		if (work && !isTerminal(work.status)) return [];
		const since = timeOf(work?.closed_at) ?? timeOf(one.last_activity_at) ?? 0;
		return facts.now - since >= facts.limits.slot_held_ms ? [{ one, work, since }] : [];
	});

function namesExhausted(facts: Facts, rig: string, held: Held[], waiting: Bead[]): Finding[] {
	const all = polecatsOf(facts, rig).length;
	const since = Math.min(...held.map((slot) => slot.since));
	return [
		told({
			code: "agent.names-exhausted",
			severity: "warning",
			subject: rigOf(rig),
			sentence: `${held.length} of ${count(all, "polecat")} of rig ${facts.rigName(rig)} ${held.length === 1 ? "is" : "are"} still hooked to work that has ended, and ${count(waiting.length, "ready bead")} ${waiting.length === 1 ? "waits" : "wait"}`,
			measured: [
				`${names(held.map(({ one }) => facts.agentName(one.bead_id)))}; the oldest for ${span(facts.now - since)}. The rig may have ${facts.rigLimits(rig).max_polecats_per_rig}.`,
			],
			evidence: held
				.slice(0, 3)
				.flatMap(({ one, work }) => [
					rowOf(`${facts.agentName(one.bead_id)}'s hook`, "agent_metadata", one.bead_id),
					...(work
						? [rowOf(`its bead is ${work.status}`, "beads", work.bead_id, timeOf(work.closed_at))]
						: []),
				]),
			since,
			behind: behindWaiting(facts, waiting),
			recovers: {
				who: "button",
				text: "Not by itself: nothing takes ended work off a hook. Reset those who hold it.",
			},
			remedy: held.map(({ one }) => step("agent.reset", one.bead_id)),
			ruledOut: ["agents that make progress", "room for another polecat"],
		}),
	];
}

/** All polecats of a rig and since when each is silent; null where one makes progress, or there is none. */
function silentAgents(facts: Facts, rig: string): { one: Agent; since: number }[] | null {
	const all = polecatsOf(facts, rig);
	const silent = all.flatMap((one) => {
		const since = silentSince(facts, one);
		return since === null ? [] : [{ one, since }];
	});
	return all.length > 0 && silent.length === all.length ? silent : null;
}

/** Several at once have one cause: the rig's. One alone has its own. */
export const stalledTogether = (facts: Facts, rig: string): boolean =>
	(silentAgents(facts, rig)?.length ?? 0) > 1;

function allStalled(facts: Facts, rig: string, waiting: Bead[]): Finding[] {
	const silent = silentAgents(facts, rig) ?? [];
	if (silent.length === 0 || (silent.length === 1 && waiting.length === 0)) return [];
	const since = Math.max(...silent.map((one) => one.since));
	const [alone] = silent;
	const who = names(silent.map(({ one }) => facts.agentName(one.bead_id)));
	return [
		told({
			code: "bead.all-stalled",
			severity: facts.now - since >= facts.limits.gupp_escalate_ms ? "critical" : "warning",
			subject: rigOf(rig),
			sentence: `No polecat of rig ${facts.rigName(rig)} has made progress for ${span(facts.now - since)} (${silent.length} of ${silent.length})${waiting.length > 0 ? `, and ${count(waiting.length, "ready bead")} ${waiting.length === 1 ? "waits" : "wait"} for them` : ""}`,
			measured: [`${who}: no event and no tool, the newest ${ago(facts.now - since)}.`],
			evidence: silent
				.slice(0, 4)
				.map(({ one, since: at }) =>
					rowOf(`${facts.agentName(one.bead_id)}'s last event`, "agent_metadata", one.bead_id, at),
				),
			since,
			behind: distinct([
				...silent.flatMap(({ one }) => [
					agent(one.bead_id),
					...(one.current_hook_bead_id === null ? [] : [bead(one.current_hook_bead_id)]),
				]),
				...behindWaiting(facts, waiting),
			]),
			recovers: {
				who: "self",
				at: Math.min(...silent.map((one) => endsAt(facts, one.one, one.since))),
				text: `Gastown stops each after ${span(facts.limits.gupp_stop_ms)} without progress; press only to skip the wait.`,
			},
			remedy: silent.map(({ one }) => step("agent.reset", one.bead_id)),
			ruledOut: [
				"a polecat that makes progress",
				"a long tool",
				"a permission",
				"the network",
				"the model's limits",
			],
			because: silent.some(({ one }) => diedWithContainer(facts, one.bead_id) !== null)
				? CONTAINER_DIED
				: silent.length === 1 && alone
					? findingKey({ code: "agent.gupp-timeout", subject: agent(alone.one.bead_id) })
					: null,
		}),
	];
}

/** All of them work and make progress, and still one waits for longer than a wait. */
function noIdleAgent(facts: Facts, rig: string, waiting: Bead[], since: number | undefined): Finding[] {
	const all = polecatsOf(facts, rig);
	const [longest] = waiting;
	if (
		!longest ||
		since === undefined ||
		!isFull(facts, rig) ||
		all.some((one) => silentSince(facts, one) !== null)
	)
		return [];
	if (facts.now - since < facts.limits.no_idle_agent_ms || facts.atRest) return [];
	const most = facts.rigLimits(rig).max_polecats_per_rig;
	const busy = all.length - (facts.rigs.get(rig)?.idle ?? 0);
	const more = Math.min(50, most + Math.min(waiting.length, 2));
	return [
		told({
			code: "bead.no-idle-agent",
			severity: "warning",
			subject: rigOf(rig),
			sentence: `${count(waiting.length, "ready bead")} of rig ${facts.rigName(rig)} ${waiting.length === 1 ? "waits" : "wait"} for an agent, ${facts.title(longest.bead_id)} for ${span(facts.now - since)}: all ${busy} work and make progress`,
			measured: [
				`${busy} of ${most} polecats at work; ${facts.title(longest.bead_id)} is first of ${waiting.length} in line.`,
			],
			evidence: [
				rowOf("the longest wait", "beads", longest.bead_id, since),
				...all
					.slice(0, 3)
					.map((one) =>
						rowOf(
							`${facts.agentName(one.bead_id)} works`,
							"agent_metadata",
							one.bead_id,
							timeOf(one.last_event_at),
						),
					),
			],
			since,
			behind: behindWaiting(facts, waiting),
			recovers: {
				who: "self",
				at: null,
				text: "When one of them is done. More polecats at a time go faster, if there is memory.",
			},
			remedy:
				more > most ? [step("config.set", "town", { rig, key: "max_polecats_per_rig", value: more })] : [],
			ruledOut: ["agents without progress", "hooks that hold ended work", "room for another polecat"],
			needs: ["the container's free memory, which is shown live only"],
		}),
	];
}

const behindWaiting = (facts: Facts, waiting: Bead[]): Subject[] =>
	distinct(waiting.flatMap((one) => [bead(one.bead_id), ...behindBead(facts, one)]));
