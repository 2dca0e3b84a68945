import {
	type Agent, type Bead, type GitFailure, isAtRest, isTerminal, limitsOf, type RigLimits, type Thresholds, type TownStateKey,
	type TownStateValue, thresholdsOf,
} from "../gastown/index.ts"; // biome-ignore format: a list
import type { Lookup } from "../interventions/catalogue-entry.ts";
import {
	agentName,
	beadTitle,
	blockedBy,
	convoysOf,
	lookupOf,
	maxAttempts,
	type TownView,
	timeOf,
} from "../town-view/index.ts";
import type { Evidence, Finding, Recovery, Subject } from "./finding.ts";
import { push } from "./lists.ts";
import { MERGE_RATE_MS } from "./thresholds.ts";

/** Polecats of one rig. `hands` are those that could take work: not dead, not stalled. */
type RigHands = { hands: number; idle: number; polecats: Agent[] };

/** The scheduler's looks as the town told them `at` that time of its clock (FEED-9): no table holds them. */
export type Looks = { last_at: number; next_at: number | null; at: number };

/** What every rule reads, gathered in one pass over the town. */
export type Facts = {
	view: TownView;
	/** The town's clock, epoch milliseconds. */
	now: number;
	look: Lookup;
	/** Agents that are still in the town, the mayor among them. */
	agents: Agent[];
	/** Beads that are work and have not closed, failed ones included. */
	unfinished: Bead[];
	rigs: Map<string, RigHands>;
	/** Beads that count for the town's circuit breaker (domain.md §2.5). */
	failingStarts: number;
	/** When the last of them was tried, epoch milliseconds; 0 without one. */
	lastFailedStart: number;
	looks: Looks | null;
	/** What git could not do and has not done since. */
	gitFailures: readonly GitFailure[];
	/** When each merge request that was merged lately was, by rig: epoch milliseconds. */
	merges: Map<string, number[]>;
	container: TownStateValue<"container"> | undefined;
	/** The container runs no process: asleep, stopped or dead. */
	atRest: boolean;
	agentName(id: string): string;
	title(id: string): string;
	rigName(id: string | null): string;
	/** The town's own times and limits, by which its scheduler goes too. */
	limits: Thresholds;
	/** What a rig may do, by its own word or the town's. */
	rigLimits(rigId: string): RigLimits;
	/** Starts allowed for a bead of this rig (domain.md §2.5). */
	maxAttempts(rigId: string | null): number;
	/** What `once` keeps. Here, not in a WeakMap: that would keep every look's facts alive until a full collection. */
	reckoned: Map<(facts: Facts) => unknown, unknown>;
};

export function factsOf(view: TownView, now: number, looks: Looks | null = null): Facts {
	const look = readingOnce(lookupOf(view));
	const limits = thresholdsOf(look.town("config"));
	const agents = [...view.tables.agent_metadata.values()].filter((agent) => agent.status !== "dead");
	const unfinished: Bead[] = [];
	const counts = Math.max(now - limits.circuit_window_ms, timeOf(look.town("breaker_reset")?.at) ?? 0);
	let failingStarts = 0;
	let lastFailedStart = 0;
	const merges = new Map<string, number[]>();
	for (const bead of view.tables.beads.values()) {
		if (bead.type === "agent") continue;
		if (bead.status === "closed") {
			const at = bead.type === "merge_request" ? timeOf(bead.closed_at) : null;
			if (at !== null && now - at <= MERGE_RATE_MS) push(merges, bead.rig_id ?? "", at);
			continue;
		}
		unfinished.push(bead);
		const tried = bead.last_dispatch_error === null ? null : timeOf(bead.last_dispatch_attempt_at);
		if (tried !== null && bead.dispatch_attempts > 0 && tried > counts) {
			failingStarts++;
			lastFailedStart = Math.max(lastFailedStart, tried);
		}
	}
	const rigs = new Map<string, RigHands>();
	for (const agent of agents) {
		const rig = view.tables.beads.get(agent.bead_id)?.rig_id;
		if (agent.role !== "polecat" || !rig) continue;
		const of = rigs.get(rig) ?? { hands: 0, idle: 0, polecats: [] };
		rigs.set(rig, of);
		of.polecats.push(agent);
		if (agent.status === "stalled") continue;
		of.hands++;
		if (agent.status === "idle" && agent.current_hook_bead_id === null) of.idle++;
	}
	const container = look.town("container");
	const limitsKnown = new Map<string, RigLimits>();
	const rigLimits = (rigId: string) => {
		const own = view.tables.rigs.get(rigId)?.config as Record<string, unknown> | null;
		const known = limitsKnown.get(rigId) ?? limitsOf(look.town("config"), own);
		limitsKnown.set(rigId, known);
		return known;
	};
	return {
		limits, view, now, look, looks, agents, unfinished, rigs, failingStarts, lastFailedStart, merges, container, rigLimits,
		gitFailures: look.town("git_failures") ?? [],
		atRest: container !== undefined && isAtRest(container.status),
		agentName: (id) => agentName(view, id),
		title: (id) => `"${beadTitle(view, id)}"`,
		rigName: (id) => (id === null ? "the town" : (view.tables.rigs.get(id)?.name ?? id.slice(0, 8))),
		maxAttempts: (rigId) => maxAttempts(view, rigId),
		reckoned: new Map(),
	}; // biome-ignore format: short
}

/** The town's values are read for many beads: each is checked against its shape once. */
function readingOnce(look: Lookup): Lookup {
	const known = new Map<TownStateKey, unknown>();
	return {
		...look,
		town<K extends TownStateKey>(key: K) {
			if (!known.has(key)) known.set(key, look.town(key));
			return known.get(key) as TownStateValue<K> | undefined;
		},
	};
}

/** Reckoned at most once for these facts, and only if some rule asks. */
export function once<T>(reckon: (facts: Facts) => T): (facts: Facts) => T {
	return (facts) => {
		if (!facts.reckoned.has(reckon)) facts.reckoned.set(reckon, reckon(facts));
		return facts.reckoned.get(reckon) as T;
	};
}

type Told = Pick<Finding, "code" | "severity" | "subject" | "sentence" | "since" | "recovers"> &
	Partial<Finding>;

/** A finding with what it does not say left empty. */
export const told = (finding: Told): Finding => ({
	measured: [],
	evidence: [],
	behind: [],
	remedy: [],
	ruledOut: [],
	needs: [],
	because: null,
	...finding,
});

export const note = (finding: Omit<Told, "severity">): Finding => told({ ...finding, severity: "notice" });
export const self = (text: string, at: number | null = null): Recovery => ({ who: "self", at, text });

export const rowOf = (label: string, entity: string, key: string, at: number | null = null): Evidence => ({
	label,
	entity,
	key,
	at,
});

export const bead = (id: string): Subject => ({ kind: "bead", id });
export const agent = (id: string): Subject => ({ kind: "agent", id });
export const rigOf = (id: string): Subject => ({ kind: "rig", id });
export const CONTAINER: Subject = { kind: "container", id: "container" };
export const TOWN: Subject = { kind: "town", id: "town" };

/** Since when it waits as it does; its row may say no better than its last change. Epoch milliseconds. */
export const waitsSince = (one: Bead): number =>
	timeOf(one.status_since) ?? timeOf(one.updated_at) ?? timeOf(one.created_at) ?? 0;

/** Each thing once, in the order in which they were named. */
export const distinct = (subjects: readonly Subject[]): Subject[] => [
	...new Map(subjects.map((subject) => [`${subject.kind}:${subject.id}`, subject])).values(),
];

/** A bead, and the convoys that cannot land without it. */
export const withConvoys = ({ view }: Facts, beadId: string): Subject[] => [
	bead(beadId),
	...convoysOf(view, beadId)
		.filter((convoy) => !isTerminal(convoy.status))
		.map((convoy) => bead(convoy.bead_id)),
];

/** A bead, what waits for it, and the convoys of it all. */
export const behindBead = (facts: Facts, work: Bead): Subject[] =>
	distinct([
		...withConvoys(facts, work.bead_id),
		...blockedBy(facts.view, work.bead_id).flatMap((id) => withConvoys(facts, id)),
	]).filter(({ id }) => id !== work.bead_id);
