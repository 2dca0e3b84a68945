import { type Agent, agents, beads, isTerminal } from "../../../shared/gastown/index.ts";
import type { Lookup } from "../../../shared/interventions/index.ts";
import { hasSession } from "../../../shared/interventions/reading.ts";
import { needAgent } from "../agents.ts";
import { applyMove, assignBead, findBead, liveBeadsOf } from "../beads.ts";
import { takeOff } from "../hooks.ts";
import { updateRow } from "../rows.ts";
import { ok, type Result, type Town } from "../town.ts";
import type { Given } from "./given.ts";

/** How an intervention changes the rows; preconditions have been checked in the same turn. */
export type Applying = {
	town: Town;
	look: Lookup;
	target: string;
	id: string;
	by: string;
	reason: string;
	/** Plans a look for now, and sets the town's alarm anew. */
	rearm(): void;
	given: Given;
};

/**
 * Takes an agent off its bead, which is Open again. Its process id stays until its end has been seen; where its container
 * runs nothing, no end will come, and the id is cleared at once.
 */
export function freeAgent({ town, look, by }: Applying, agent: Agent, reason: string): void {
	const session = hasSession(agent, look);
	takeOff(town, agent, "unhook", { reason, by, agentMove: reason === "agent_reset" ? "reset" : "unhook" });
	if (!session) forgetProcess(town, agent);
}

export const forgetProcess = (town: Town, agent: Agent): void =>
	updateRow(town.sql, agents, [agent.bead_id], { container_process_id: null });

function applyUnhook(applying: Applying): Result<unknown> {
	const agent = needAgent(applying.town, applying.target);
	if (!agent.ok) return agent;
	freeAgent(applying, agent.value, "admin_unhook");
	return ok(null);
}

/** Stop, hook, assignee, attempts, status: in one step, so that nothing is left behind (domain.md §8 item 5). */
function applyReset(applying: Applying): Result<unknown> {
	const { town, target, by } = applying;
	const agent = needAgent(town, target);
	if (!agent.ok) return agent;
	const hook = agent.value.current_hook_bead_id;
	const owed = new Set(liveBeadsOf(town, target).map((bead) => bead.bead_id));
	if (hook !== null) owed.add(hook);
	freeAgent(applying, agent.value, "agent_reset");
	updateRow(town.sql, agents, [target], { dispatch_attempts: 0 });
	for (const id of owed) {
		const bead = findBead(town, id);
		if (!bead || isTerminal(bead.status) || bead.status === "in_review") continue;
		const released = bead.status === "open" ? ok(bead) : applyMove(town, bead, "release", { by });
		if (!released.ok) return released;
		assignBead(town, released.value, null);
		updateRow(town.sql, beads, [id], {
			dispatch_attempts: 0,
			last_dispatch_attempt_at: null,
			last_dispatch_error: null,
		});
	}
	return ok(null);
}

export const APPLY_AGENT = {
	"agent.unhook": applyUnhook,
	"agent.reset": applyReset,
	// All that these do is outside the database.
	"agent.kill": () => ok(null),
	"agent.interrupt": () => ok(null),
	"agent.answer-permission": () => ok(null),
};
