import {
	type Agent, type AgentStatus, agentMoveTowards, agents, moveAgent,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { applyMove, assignBead, findBead, insertBead, liveBeadsOf } from "./beads.ts";
import { takeOff } from "./hooks.ts";
import { recordAgentStatus, recordBeadEvent } from "./journal.ts";
import { findRig } from "./rigs.ts";
import { getRow, insertRow, updateRow } from "./rows.ts";
import { type Failure, fail, failMove, isoNow, ok, type Result, type Town } from "./town.ts";

export const findAgent = (town: Town, id: string): Agent | null => getRow(town.sql, agents, id);

export function needAgent(town: Town, id: string): Result<Agent> {
	const agent = findAgent(town, id);
	return agent ? ok(agent) : fail("no-such-agent", `There is no agent "${id}" in this town.`, { id });
}

/** Sets an agent's status and writes its timeline; every change of status in a town goes through here. */
export function changeAgentStatus(town: Town, agent: Agent, to: AgentStatus | string): Agent {
	if (agent.status !== to) {
		updateRow(town.sql, agents, [agent.bead_id], {
			...{ status: to, status_since: isoNow(town) },
			stalled_at: to === "stalled" ? isoNow(town) : null,
		});
		recordAgentStatus(town, agent.bead_id, agent.status, to);
	}
	return findAgent(town, agent.bead_id) as Agent;
}

/** Unique in the town, and redacted like every text that comes from outside (FEED-6). */
const identityOf = (args: MethodArgs<"createAgent">): string =>
	redact(args.identity ?? [args.rig_id ?? "town", args.role, args.name].join("/"));

/** Why this agent cannot be created; null where it can. Asked before its stream is claimed, too (TOWN-2). */
export function uncreatable(town: Town, args: MethodArgs<"createAgent">): Failure | null {
	const { id, rig_id } = args;
	const identity = identityOf(args);
	if (id !== undefined && findBead(town, id))
		return fail("exists", `There is a bead "${id}" already.`, { id });
	if (rig_id !== null && !findRig(town, rig_id))
		return fail("no-such-rig", `There is no rig "${rig_id}" in this town.`, { id: rig_id });
	if (town.sql.one("SELECT 1 FROM agent_metadata WHERE identity = ?", identity))
		return fail("exists", `There is an agent with the identity "${identity}" already.`, { identity });
	return null;
}

/** Creates an agent: a bead of type `agent`, whose title is its name, with its satellite row. It is idle. */
export function createAgent(town: Town, args: MethodArgs<"createAgent">): Result<Agent> {
	const refused = uncreatable(town, args);
	if (refused) return refused;
	const id = args.id ?? town.uuid();
	insertBead(town, {
		id,
		type: "agent",
		title: args.name,
		body: null,
		rig_id: args.rig_id,
		parent_bead_id: null,
		assignee_agent_bead_id: null,
		priority: "medium",
		labels: [],
		metadata: {},
		created_by: null,
	});
	insertRow(town.sql, agents, {
		...{ bead_id: id, role: args.role, identity: identityOf(args), status_since: isoNow(town) },
	});
	recordAgentStatus(town, id, null, "idle");
	return ok(findAgent(town, id) as Agent);
}

/**
 * Takes an agent out of the town for good. Its unfinished beads are open and nobody's again, ended ones keep their
 * history (domain.md §2.2: Gastown once reopened those), and its own row, timeline and stream stay (STREAM-3).
 */
export function deleteAgent(town: Town, args: MethodArgs<"deleteAgent">): Result<Agent> {
	const found = needAgent(town, args.agent_id);
	if (!found.ok) return found;
	const moved = moveAgent(found.value.status, "retire");
	if (!moved.ok) return failMove(moved, args.agent_id);
	const off = takeOff(town, found.value, "unhook", { reason: "agent_deleted", agentMove: "retire" });
	for (const bead of liveBeadsOf(town, args.agent_id)) {
		if (bead.status === "in_review") continue;
		const freed = applyMove(town, bead, "release", { by: args.agent_id });
		if (!freed.ok) return freed;
		assignBead(town, freed.value, null);
	}
	updateRow(town.sql, agents, [args.agent_id], {
		container_process_id: null,
		// Its name is free for another.
		identity: `${found.value.identity} (${args.agent_id})`,
	});
	const own = findBead(town, args.agent_id);
	if (own?.status === "open") {
		const closed = applyMove(town, own, "close");
		if (!closed.ok) return closed;
	}
	return ok(findAgent(town, off.bead_id) as Agent);
}

/**
 * Moves an agent to a named status by its transition table. What leaves work (idle, dead) takes it off its bead, so that
 * no status can orphan one (LEDGER-12); working needs a hook, but for the mayor.
 */
export function updateAgentStatus(town: Town, args: MethodArgs<"updateAgentStatus">): Result<Agent> {
	const found = needAgent(town, args.agent_id);
	if (!found.ok) return found;
	const agent = found.value;
	if (agent.status === args.status)
		return fail("no-change", `The agent is "${agent.status}" already.`, { id: agent.bead_id });
	const move = agentMoveTowards(agent.status, args.status);
	const moved = moveAgent(agent.status, move);
	if (!moved.ok) return failMove(moved, agent.bead_id);
	if (moved.to === "idle" || moved.to === "dead")
		return ok(takeOff(town, agent, "unhook", { reason: "updateAgentStatus", agentMove: move }));
	if (moved.to === "waiting" && agent.role !== "mayor")
		return fail("not-a-mayor", "Only a mayor's session waits for messages.", {
			id: agent.bead_id,
			role: agent.role,
		});
	if (moved.to === "working" && agent.current_hook_bead_id === null && agent.role !== "mayor")
		return fail("no-hook", "An agent without a bead on its hook cannot be at work.", { id: agent.bead_id });
	return ok(changeAgentStatus(town, agent, moved.to));
}

/** The sentence that an agent says of its work (`gt_status`), redacted. */
export function setAgentStatusMessage(town: Town, args: MethodArgs<"setAgentStatusMessage">): Result<Agent> {
	const found = needAgent(town, args.agent_id);
	if (!found.ok) return found;
	const message = redact(args.message);
	updateRow(town.sql, agents, [args.agent_id], {
		agent_status_message: message,
		agent_status_updated_at: isoNow(town),
	});
	recordBeadEvent(town, {
		bead_id: found.value.current_hook_bead_id ?? args.agent_id,
		event_type: "agent_status",
		by: args.agent_id,
		new_value: message,
	});
	return ok(findAgent(town, args.agent_id) as Agent);
}
