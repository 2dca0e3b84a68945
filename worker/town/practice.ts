import { agents, isTerminal } from "../../shared/gastown/index.ts";
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { needAgent } from "./agents.ts";
import { assignBead, needBead } from "./beads.ts";
import { updateRow } from "./rows.ts";
import { fail, ok, type Result, type Town } from "./town.ts";

/** States that no call of this Gastown leads to (scenarios `agent.names-exhausted`, `bead.dead-assignee`), for drills. */
export function practiceState(town: Town, args: MethodArgs<"practiceState">): Result<null> {
	const { state, agent_id, bead_id } = args;
	const agent = needAgent(town, agent_id);
	if (!agent.ok) return agent;
	const bead = needBead(town, bead_id);
	if (!bead.ok) return bead;
	if (state === "ended-on-hook") {
		if (agent.value.status !== "idle" || !isTerminal(bead.value.status))
			return fail("not-so", "It takes an idle agent and a bead that has ended.", args);
		updateRow(town.sql, agents, [agent_id], { current_hook_bead_id: bead_id });
		return ok(null);
	}
	if (agent.value.status !== "dead" || bead.value.status !== "open")
		return fail("not-so", "It takes an agent that was removed and an open bead.", args);
	assignBead(town, bead.value, agent_id);
	return ok(null);
}
