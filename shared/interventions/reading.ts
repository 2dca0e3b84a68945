import { type Agent, type Bead, CONTAINER_COST, isAtRest, isTerminal } from "../gastown/index.ts";
import { activeToolsOf, labelsOf } from "../town-view/readers.ts";
import { shortId } from "../town-view/selectors.ts";
import type { Lookup, Verdict } from "./catalogue-entry.ts";

/** What the entries of the catalogue read alike. */

/** What a container that was started costs the town's owner. */
export const AWAKE_COSTS = `$${CONTAINER_COST.awake.toFixed(3)} an hour while it is awake, up to $${CONTAINER_COST.busiest.toFixed(3)} more for the processor that it uses`;
export const START_COSTS = `Start the container: ${AWAKE_COSTS}.`;

export const OK: Verdict = { ok: true };
export const refused = (code: string, message: string): Verdict => ({
	ok: false,
	kind: "refused",
	code,
	message,
});
export const noop = (code: string, message: string): Verdict => ({ ok: false, kind: "noop", code, message });

export const nameOfAgent = (id: string, look: Lookup): string =>
	look.bead(id)?.title || look.agent(id)?.identity || shortId(id);
export const titleOfBead = (id: string, look: Lookup): string => `"${look.bead(id)?.title || shortId(id)}"`;

const STATUS_WORDS: Record<string, string> = {
	open: "Open",
	in_progress: "In progress",
	in_review: "In review",
	closed: "Closed",
	failed: "Failed",
};
/** A status as the page names it; an unknown one as it is. */
export const statusWord = (status: string): string => STATUS_WORDS[status] ?? status;

/** ` at 12:30:11 UTC` of an ISO time: the ledger keeps these words, whatever zone their reader is in. */
export const clockTime = (iso: string | null): string => (iso ? ` at ${iso.slice(11, 19)} UTC` : "");

/** ` since 12:30:11 UTC`, likewise. */
export const sinceTime = (iso: string | null): string => (iso ? ` since ${iso.slice(11, 19)} UTC` : "");

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** True when this agent has, or may have, a session in the container that has to be stopped. */
export function hasSession(agent: Agent, look: Lookup): boolean {
	const container = look.town("container");
	if (container && isAtRest(container.status)) return false;
	return agent.container_process_id !== null || ["working", "waiting", "stalled"].includes(agent.status);
}

/** Why nothing can be asked of the container, which is somebody else's or does not run. */
export function unreachable(look: Lookup): Verdict | null {
	const foreign = foreignContainer(look);
	if (foreign) return foreign;
	const container = look.town("container");
	return !container || isAtRest(container.status)
		? refused("not-running", "The container does not run, so there is no session to reach.")
		: null;
}

/** A stop or kill of this agent was ordered, and its end has not been seen. */
export const isBeingStopped = (agentId: string, look: Lookup): boolean =>
	look
		.town("stops")
		?.awaited.some(({ agent, kind }) => agent === agentId && ["stop-agent", "kill-agent"].includes(kind)) ??
	false;

/** This town's container is run by somebody else. */
export const foreignContainer = (look: Lookup): Verdict | null =>
	look.town("config")?.external_container === true
		? refused("external-container", "Its container is run by somebody else: it cannot be reached from here.")
		: null;

/** Agents that have a session now, by name. */
export const sessions = (look: Lookup): Agent[] => look.agents().filter((agent) => hasSession(agent, look));

/** Why the town starts nothing whatever is asked of it, in the order of scenarios.md §0. */
export function startHold(look: Lookup): Verdict | null {
	const billing = look.town("billing");
	if (billing?.blocked)
		return refused("billing-blocked", "Billing blocks this town: only its owner can change that.");
	if (look.town("run_policy")?.policy === "paused_by_user")
		return refused("paused", "The container is paused. Resume it first.");
	if (look.town("drain"))
		return refused("draining", "The container drains: it takes nothing new until it is back.");
	return null;
}

/** Agents on a bead, by hook. More than one only where the town is inconsistent; each is taken off. */
export const hookedIds = (beadId: string, look: Lookup): string[] =>
	look
		.agentsHookedTo(beadId)
		.map((agent) => agent.bead_id)
		.sort();

/** Agents whose session ends when this bead is taken from them (LEDGER-12). */
export const sessionsOn = (beadId: string, look: Lookup): Agent[] =>
	look.agentsHookedTo(beadId).filter((agent) => hasSession(agent, look));

/** A person put it aside: it is not dispatched until it is started. */
export const isHeldBead = (bead: Bead): boolean => labelsOf(bead).includes("gt:held");

/** Unfinished convoys that count on a bead. */
export const convoysWaitingOn = (beadId: string, look: Lookup): Bead[] =>
	tracked(beadId, look).filter((bead) => bead.type === "convoy" && !isTerminal(bead.status));

/** The beads that a merge request is about. */
export const sourcesOf = (mergeRequestId: string, look: Lookup): Bead[] =>
	tracked(mergeRequestId, look).filter((bead) => bead.type !== "convoy");

/** Unfinished merge requests about a bead. */
export const reviewsOf = (beadId: string, look: Lookup): Bead[] =>
	look
		.dependentsOf(beadId)
		.filter((dependency) => dependency.dependency_type === "tracks")
		.flatMap((dependency) => look.bead(dependency.bead_id) ?? [])
		.filter((bead) => bead.type === "merge_request" && !isTerminal(bead.status));

const tracked = (beadId: string, look: Lookup): Bead[] =>
	look
		.dependenciesOf(beadId)
		.filter((dependency) => dependency.dependency_type === "tracks")
		.flatMap((dependency) => look.bead(dependency.depends_on_bead_id) ?? []);

/** Beads that wait for this one and for nothing else: they can be dispatched once it is closed. */
export const unblockedBy = (beadId: string, look: Lookup): Bead[] =>
	look
		.dependentsOf(beadId)
		.filter((dependency) => dependency.dependency_type === "blocks")
		.flatMap((dependency) => look.bead(dependency.bead_id) ?? [])
		.filter(
			(bead) =>
				!isTerminal(bead.status) &&
				look
					.dependenciesOf(bead.bead_id)
					.every(
						(dependency) =>
							dependency.dependency_type !== "blocks" ||
							dependency.depends_on_bead_id === beadId ||
							look.bead(dependency.depends_on_bead_id)?.status === "closed",
					),
		);

/** `End Toast's session and process 4121`, with the tool that it stops in the middle. */
export function endsSession(agent: Agent, look: Lookup): string {
	const process = agent.container_process_id ? ` and process ${agent.container_process_id}` : "";
	const tools = activeToolsOf(agent);
	const amid = tools.length > 0 ? `, in the middle of ${tools.join(", ")}` : "";
	return `End ${nameOfAgent(agent.bead_id, look)}'s session${process}${amid}.`;
}

export const LOST_WORK = "Bring back uncommitted work in its worktree.";
