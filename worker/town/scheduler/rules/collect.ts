import type { Action, Rule } from "../actions.ts";
import { isBatch, readyBeads } from "../ready.ts";
import type { AgentNow, SchedulerState } from "../state.ts";
import { minutes } from "../words.ts";

/**
 * Agents that nobody needs go: a polecat that was idle for a day, a triage agent with its batch (domain.md §2.6, SCHED-6). Never
 * the mayor or a refinery, nor anyone with a bead, a process, or a stop that is not over.
 */
export const collectAgents: Rule = (state) =>
	[...state.agents.values()].flatMap((agent): Action[] => {
		const why = mayGo(state, agent) ? whyUnneeded(state, agent) : null;
		return why === null ? [] : [{ type: "delete_agent", agent: agent.id, why }];
	});

const mayGo = ({ beads }: SchedulerState, agent: AgentNow): boolean =>
	agent.status === "idle" &&
	agent.hook === null &&
	agent.process === null &&
	!agent.held &&
	![...beads.values()].some(
		({ assignee, status }) => assignee === agent.id && (status === "open" || status === "in_progress"),
	);

function whyUnneeded(state: SchedulerState, { role, rig_id, status_since }: AgentNow): string | null {
	const { now, thresholds, beads } = state;
	if (role === "triage") {
		const awaited = [...beads.values()].some(
			(bead) => isBatch(bead) && bead.rig_id === rig_id && ["open", "in_progress"].includes(bead.status),
		);
		return awaited ? null : "Its batch is done";
	}
	if (role !== "polecat" || status_since === null) return null;
	const idle = now - status_since;
	if (idle < thresholds.agent_gc_ms) return null;
	return readyBeads(state, rig_id, "polecat").length > 0 ? null : `Idle for ${minutes(idle)}`;
}
