import { z } from "zod";
import { type Agent, type Bead, isTerminal } from "../gastown/index.ts";
import { lastExitOf } from "../town-view/readers.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { agentFreed, beadIs } from "./effects.ts";
import {
	clockTime, count, endsSession, hasSession, LOST_WORK, nameOfAgent, noop, OK, refused, titleOfBead,
} from "./reading.ts"; // biome-ignore format: a list

const none = z.object({});
type None = z.infer<typeof none>;

const stops = (id: string, look: Lookup) => {
	const agent = look.agent(id);
	return agent && hasSession(agent, look)
		? [{ kind: "stop-agent" as const, agent: id, bead: agent.current_hook_bead_id }]
		: [];
};

function mayFree(id: string, look: Lookup): Verdict {
	const agent = look.agent(id);
	if (!agent) return refused("gone", "This agent does not exist any more.");
	return agent.status === "dead" ? refused("dead", "It has been taken out of the town for good.") : OK;
}

/** A bead goes back to Open when its agent is taken off it, unless its work is done or it has ended. */
const goesBack = (bead: Bead): boolean => bead.status === "in_progress" || bead.status === "open";

const hookOf = (agent: Agent, look: Lookup): Bead | undefined =>
	agent.current_hook_bead_id === null ? undefined : look.bead(agent.current_hook_bead_id);

const agentUnhook: CatalogueEntry<None> = {
	name: "agent.unhook",
	target: "agent",
	params: none,
	title: "Take off its bead:",
	label: (id, _, look) => `Take ${nameOfAgent(id, look)} off its bead`,
	saw: (id, _, look) => ({
		status: look.agent(id)?.status ?? null,
		current_hook_bead_id: look.agent(id)?.current_hook_bead_id ?? null,
	}),
	precondition(id, _, look) {
		const may = mayFree(id, look);
		if (!may.ok) return may;
		return look.agent(id)?.current_hook_bead_id === null
			? noop("not-hooked", `${nameOfAgent(id, look)} has no bead on its hook.`)
			: OK;
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const agent = look.agent(id);
		if (!agent) return { will: [], wont: [] };
		const session = hasSession(agent, look);
		const bead = hookOf(agent, look);
		const will = session ? [endsSession(agent, look)] : [];
		if (bead && goesBack(bead))
			will.push(`Put ${titleOfBead(bead.bead_id, look)} back to Open, without an assignee.`);
		will.push(`${nameOfAgent(id, look)} becomes Idle; the bead is dispatched again when an agent is free.`);
		const attempts = bead?.dispatch_attempts ?? 0;
		const wont = session ? [LOST_WORK] : [];
		if (attempts > 0) wont.push(`Clear its ${count(attempts, "attempt")}.`);
		return { will, wont };
	},
	effects(id, _, look) {
		const agent = look.agent(id);
		if (!agent) return [];
		const bead = hookOf(agent, look);
		const back = bead && goesBack(bead) ? [beadIs(bead.bead_id, "open", "Open", look)] : [];
		return [...agentFreed(agent, look), ...back];
	},
	outside: (id, _, look) => stops(id, look),
	undo: () => null,
	next: "bead.reassign",
	within: 30_000,
};

/** Unfinished beads that stand to this agent: the one on its hook, and those still assigned to it without a hook. */
function unfinished(agent: Agent, look: Lookup): Bead[] {
	const hook = hookOf(agent, look);
	const beads = new Map<string, Bead>(hook && !isTerminal(hook.status) ? [[hook.bead_id, hook]] : []);
	for (const bead of look.beadsAssignedTo(agent.bead_id)) if (goesBack(bead)) beads.set(bead.bead_id, bead);
	return [...beads.values()];
}

const agentReset: CatalogueEntry<None> = {
	name: "agent.reset",
	target: "agent",
	params: none,
	title: "Reset",
	label: (id, _, look) => `Reset ${nameOfAgent(id, look)}`,
	saw: (id, _, look) => ({
		status: look.agent(id)?.status ?? null,
		current_hook_bead_id: look.agent(id)?.current_hook_bead_id ?? null,
		container_process_id: look.agent(id)?.container_process_id ?? null,
	}),
	precondition(id, _, look) {
		const may = mayFree(id, look);
		const agent = look.agent(id);
		if (!may.ok || !agent) return may;
		const clean =
			agent.status === "idle" &&
			agent.current_hook_bead_id === null &&
			agent.container_process_id === null &&
			agent.dispatch_attempts === 0 &&
			unfinished(agent, look).length === 0;
		if (!clean) return OK;
		const since = lastExitOf(agent)?.at ?? null;
		const ended = since ? `; its last process ended${clockTime(since)}` : "";
		return noop("already-idle", `Already idle, no bead, no process${ended}.`);
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const agent = look.agent(id);
		if (!agent) return { will: [], wont: [] };
		const session = hasSession(agent, look);
		const will = session ? [endsSession(agent, look)] : [];
		const beads = unfinished(agent, look);
		for (const bead of beads)
			if (goesBack(bead)) will.push(`Put ${titleOfBead(bead.bead_id, look)} back to Open.`);
		const attempts = Math.max(agent.dispatch_attempts, ...beads.map((bead) => bead.dispatch_attempts));
		will.push(`Clear hook, assignee and ${count(attempts, "attempt")}.`);
		const again = beads.some(goesBack) ? "; the bead is dispatched again when an agent is free" : "";
		will.push(`${nameOfAgent(id, look)} becomes Idle${again}.`);
		return { will, wont: session ? [LOST_WORK] : [] };
	},
	effects(id, _, look) {
		const agent = look.agent(id);
		if (!agent) return [];
		const back = unfinished(agent, look).filter(goesBack);
		return [...agentFreed(agent, look), ...back.map((bead) => beadIs(bead.bead_id, "open", "Open", look))];
	},
	outside: (id, _, look) => stops(id, look),
	undo: () => null,
	next: "bead.reassign",
	within: 30_000,
};

export const AGENT_HOOK = [agentUnhook, agentReset];
