import type { Agent } from "../../shared/gastown/index.ts";
import {
	activeToolsOf,
	agentName,
	agentStatusSince,
	beadTitle,
	maxAttempts,
	type TownView,
	timeOf,
} from "../../shared/town-view/index.ts";
import { type Dollars, knownDollars } from "../ui/format/number.ts";
import { agentLook } from "../ui/status/agent-look.ts";
import { heardAt, type Sight } from "../ui/status/sight.ts";
import type { Look } from "../ui/status/signs.ts";
import { costOf } from "./bead-rows.ts";
import type { Filterable, Grammar } from "./filter.ts";

export type AgentRow = {
	key: string;
	agent: Agent;
	name: string;
	look: Look;
	/** Town's clock, epoch milliseconds, as the other times here. */
	since: number | null;
	rigName: string | null;
	beadId: string | null;
	beadTitle: string | null;
	tool: string | null;
	eventAt: number | null;
	heardAt: number | null;
	/** An estimate. */
	cost: Dollars;
	/** So many starts its rig allows a bead. */
	maxAttempts: number;
};

export const AGENT_GRAMMAR: Grammar = {
	fields: ["status", "role", "rig"],
	numbers: ["age", "cost", "attempts"],
};

/** Every agent of the town, working ones first, then by name. `since`: when each came into its status, by the status log. */
export function agentRows(view: TownView, sight: Sight, since: ReadonlyMap<string, number>): AgentRow[] {
	return Array.from(view.tables.agent_metadata.values(), (agent) =>
		agentRow(view, agent, sight, since.get(agent.bead_id) ?? null),
	).sort(
		(a, b) =>
			Number(b.agent.status === "working") - Number(a.agent.status === "working") ||
			a.name.localeCompare(b.name),
	);
}

function agentRow(view: TownView, agent: Agent, sight: Sight, logged: number | null): AgentRow {
	const id = agent.bead_id;
	const rig = view.tables.beads.get(id)?.rig_id ?? null;
	const hook = agent.current_hook_bead_id;
	return {
		key: id,
		agent,
		name: agentName(view, id),
		look: agentLook(agent, sight, view.tables.agent_signals.get(id)),
		since: agentStatusSince(view, agent) ?? logged,
		rigName: rig === null ? null : (view.tables.rigs.get(rig)?.name ?? rig.slice(0, 8)),
		beadId: hook,
		beadTitle: hook === null ? null : beadTitle(view, hook),
		tool: activeToolsOf(agent)[0] ?? null,
		eventAt: timeOf(agent.last_event_at),
		heardAt: heardAt(agent, sight),
		cost: costOf(view, view.indexes.usageByAgent.get(id)),
		maxAttempts: maxAttempts(view, rig),
	};
}

export function filterableAgent(row: AgentRow, now: number): Filterable {
	return {
		fields: {
			status: [row.agent.status, row.look.word.toLowerCase().replaceAll(" ", "_")],
			role: [row.agent.role],
			rig: [row.rigName ?? "none"],
		},
		numbers: {
			age: row.since === null ? null : now - row.since,
			cost: knownDollars(row.cost),
			attempts: row.agent.dispatch_attempts,
		},
		text: [row.name, row.key, row.beadTitle, row.tool].filter(Boolean).join(" "),
	};
}
