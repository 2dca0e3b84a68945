import type { Agent, TownStateKey } from "../gastown/index.ts";
import type { Effect, Lookup, OutsideEffect } from "./catalogue-entry.ts";
import { hasSession, nameOfAgent, sessionsOn, titleOfBead } from "./reading.ts";

/** A row that is to hold these values. */
export const rowIs = (
	label: string,
	entity: string,
	key: string,
	is: Record<string, unknown>,
	outside = false,
): Effect => ({ label, entity, key, is, outside });

/** A value of `town_state` that is to hold these fields. */
export const stateIs = (
	label: string,
	key: TownStateKey,
	is: Record<string, unknown> | null,
	more: Partial<Pick<Effect, "outside" | "isnt">> = {},
): Effect => ({ label, entity: "town_state", key, is: { value: is }, outside: false, ...more });

/** `process 4121 gone`, seen when its exit is told. */
export function processGone(agent: Agent, look: Lookup): Effect {
	const id = agent.bead_id;
	const process = agent.container_process_id
		? `process ${agent.container_process_id}`
		: `${nameOfAgent(id, look)}'s process`;
	return rowIs(`${process} gone`, "agent_metadata", id, { container_process_id: null }, true);
}

/** A message that is to be in its session. */
export const delivered = (id: string, to: string): Effect =>
	rowIs(`The message is in ${to}'s session`, "agent_nudges", id, { status: "delivered" }, true);

/** What is to be seen of an agent that is taken off its work: its rows at once, the end of its process later. */
export function agentFreed(agent: Agent, look: Lookup): Effect[] {
	const id = agent.bead_id;
	const name = nameOfAgent(id, look);
	const freed = [
		rowIs(`${name} is Idle`, "agent_metadata", id, { status: "idle" }),
		rowIs(`${name} has no bead on its hook`, "agent_metadata", id, { current_hook_bead_id: null }),
	];
	return hasSession(agent, look) ? [...freed, processGone(agent, look)] : freed;
}

/** The same for every agent on a bead. */
export const agentsFreed = (beadId: string, look: Lookup): Effect[] =>
	look.agentsHookedTo(beadId).flatMap((agent) => agentFreed(agent, look));

export const beadIs = (beadId: string, status: string, word: string, look: Lookup): Effect =>
	rowIs(`${titleOfBead(beadId, look)} is ${word}`, "beads", beadId, { status });

/** The sessions to stop when a bead is taken from its agents (LEDGER-12). */
export const stopsOnBead = (beadId: string, look: Lookup): OutsideEffect[] =>
	sessionsOn(beadId, look).map((agent) => ({ kind: "stop-agent", agent: agent.bead_id, bead: beadId }));
