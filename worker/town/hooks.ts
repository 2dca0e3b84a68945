import {
	type Agent, type AgentMove, agents, type Bead, type HookMove, hookState, isTerminal, moveAgent, moveBead,
	moveHook, unhookable,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { labelsOf } from "../../shared/town-view/index.ts";
import { changeAgentStatus, needAgent } from "./agents.ts";
import { endAttempt } from "./attempts.ts";
import { applyMove, assignBead, findBead, needBead } from "./beads.ts";
import { recordBeadEvent } from "./journal.ts";
import { listRows, updateRow } from "./rows.ts";
import { fail, failMove, ok, type Result, type Town } from "./town.ts";

export const agentsHookedTo = (town: Town, beadId: string): Agent[] =>
	listRows(town.sql, agents, "WHERE current_hook_bead_id = ?", beadId);

/**
 * Puts a bead on an agent's hook and makes the agent its assignee (LEDGER-12: hook = assignee). Another agent that had the
 * bead is taken off first. The bead stays open until it is dispatched (domain.md §2.2).
 */
export function hookBead(town: Town, args: MethodArgs<"hookBead">): Result<Bead> {
	const foundAgent = needAgent(town, args.agent_id);
	if (!foundAgent.ok) return foundAgent;
	const foundBead = needBead(town, args.bead_id);
	if (!foundBead.ok) return foundBead;
	const agent = foundAgent.value;
	const why = unhookable({ type: foundBead.value.type, labels: labelsOf(foundBead.value) });
	if (why) return fail("not-hookable", why, { id: args.bead_id });
	const hooked = moveHook(hookState(agent), "hook");
	if (!hooked.ok)
		return fail(hooked.code, hooked.message, {
			id: agent.bead_id,
			from: hooked.from,
			event: hooked.event,
			hook: agent.current_hook_bead_id,
		});
	const moved = moveAgent(agent.status, "hook");
	if (!moved.ok) return failMove(moved, agent.bead_id);
	for (const other of agentsHookedTo(town, args.bead_id))
		takeOff(town, other, "unhook", { reason: "replaced", by: agent.bead_id });
	const bead = findBead(town, args.bead_id) as Bead;
	const beadMoved = applyMove(town, bead, "hook", { by: agent.bead_id });
	if (!beadMoved.ok) return beadMoved;
	assignBead(town, beadMoved.value, agent.bead_id);
	updateRow(town.sql, agents, [agent.bead_id], { current_hook_bead_id: bead.bead_id });
	recordBeadEvent(town, {
		bead_id: bead.bead_id,
		event_type: "hooked",
		by: agent.bead_id,
		new_value: agent.bead_id,
	});
	return ok(findBead(town, bead.bead_id) as Bead);
}

/** Takes an agent off its bead, which is open again and nobody's (Gastown left it in progress and assigned). */
export function unhookBead(town: Town, args: MethodArgs<"unhookBead">): Result<Agent> {
	const found = needAgent(town, args.agent_id);
	if (!found.ok) return found;
	const hook = moveHook(hookState(found.value), "unhook");
	if (!hook.ok) return failMove(hook, args.agent_id);
	return ok(takeOff(town, found.value, "unhook", { reason: "unhookBead" }));
}

type TakeOff = {
	/** Why, for the bead's history, e.g. `agent_reset`. */
	reason: string;
	by?: string | null;
	/** What happened to the agent; `unhook` where nothing else is said. */
	agentMove?: AgentMove;
	/** Exit code of the process for the attempt that ends with it. */
	exitCode?: number | null;
};

/**
 * Clears an agent's hook, ends its attempt, and moves the agent (idle, unless it is out of the town). With `unhook` an
 * unfinished bead is open again without an assignee; with `done` and `drop` the bead is left to the caller. An agent
 * without a hook is moved only. Answers the agent as it is then.
 */
export function takeOff(
	town: Town,
	agent: Agent,
	move: HookMove & ("unhook" | "done" | "drop"),
	options: TakeOff,
): Agent {
	const beadId = agent.current_hook_bead_id;
	if (agent.current_attempt_id !== null) endAttempt(town, agent.current_attempt_id, options.exitCode ?? null);
	updateRow(town.sql, agents, [agent.bead_id], {
		current_hook_bead_id: null,
		current_attempt_id: null,
		checkpoint: null,
		stalled_at: null,
	});
	const moved = moveAgent(agent.status, options.agentMove ?? "unhook");
	const after = changeAgentStatus(town, agent, moved.ok ? moved.to : agent.status);
	const bead = beadId === null ? null : findBead(town, beadId);
	if (beadId === null || bead === null) return after;
	recordBeadEvent(town, {
		bead_id: beadId,
		event_type: "unhooked",
		by: agent.bead_id,
		old_value: agent.bead_id,
		metadata: { reason: options.reason, ...(options.by ? { by: options.by } : {}) },
	});
	if (move === "unhook" && !isTerminal(bead.status) && moveBead(bead.status, "unhook").ok) {
		const freed = applyMove(town, bead, "unhook", { by: options.by ?? agent.bead_id });
		if (freed.ok && freed.value.status === "open") assignBead(town, freed.value, null);
	}
	return after;
}
