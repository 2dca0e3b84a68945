import { type Agent, agents, type Bead, type BeadPriority, beads } from "../../../shared/gastown/index.ts";
import { hasSession, sourcesOf } from "../../../shared/interventions/reading.ts";
import { applyMove, assignBead, endBead, findBead, needBead, reopenBead, updateBead } from "../beads.ts";
import { agentsHookedTo, hookBead } from "../hooks.ts";
import { recordBeadEvent } from "../journal.ts";
import { updateRow } from "../rows.ts";
import { isoNow, ok, type Result, type Town } from "../town.ts";
import { type Applying, forgetProcess, freeAgent } from "./apply-agent.ts";

export const applyPriority = ({ town, target, by }: Applying, params: { priority: BeadPriority }) =>
	updateBead(town, { bead_id: target, fields: { priority: params.priority }, actor: by });

/** Ends a bead and frees its agents; a merge request that fails gives its work back to the queue (domain.md §2.4). */
export function applyEnd(applying: Applying, move: "close" | "fail"): Result<unknown> {
	const { town, look, target, by, reason } = applying;
	const bead = needBead(town, target);
	if (!bead.ok) return bead;
	const without = agentsHookedTo(town, target).filter((agent) => !hasSession(agent, look));
	const sources = move === "fail" && bead.value.type === "merge_request" ? sourcesOf(target, look) : [];
	const failure = { code: "admin_force_fail", message: reason, source: "admin" };
	const ended = endBead(town, bead.value, move, { by, ...(move === "fail" && { reason: failure }) });
	if (!ended.ok) return ended;
	for (const agent of without) forgetProcess(town, agent);
	for (const source of sources) {
		const now = findBead(town, source.bead_id);
		if (now?.status !== "in_review") continue;
		const back = applyMove(town, now, "reject", { by });
		if (!back.ok) return back;
		assignBead(town, back.value, null);
	}
	return ok(null);
}

export function applyReopen(
	{ town, target, by }: Applying,
	params: { to: "open" | "in_review"; clear_attempts: boolean },
): Result<unknown> {
	const bead = needBead(town, target);
	if (!bead.ok) return bead;
	if (params.to === "in_review") return backToReview(town, bead.value, by);
	if (params.clear_attempts) return reopenBead(town, bead.value, by);
	return applyMove(town, bead.value, "reopen", { by, patch: { assignee_agent_bead_id: null } });
}

/** Undoes the end of a bead whose merge request still stands: its work is done, it needs no agent. */
function backToReview(town: Town, bead: Bead, by: string): Result<unknown> {
	const { failure_reason: _, ...metadata } = bead.metadata;
	const at = isoNow(town);
	updateRow(town.sql, beads, [bead.bead_id], {
		status: "in_review",
		closed_at: null,
		metadata,
		updated_at: at,
	});
	recordBeadEvent(town, {
		bead_id: bead.bead_id,
		event_type: "status_changed",
		by,
		old_value: bead.status,
		new_value: "in_review",
		metadata: { move: "reopen" },
	});
	return ok(null);
}

/** Frees whoever has the bead, so that it is Open, and hooks the chosen agent: hook = assignee (LEDGER-12). */
export function applyReassign(applying: Applying, params: { agent: string | null }): Result<unknown> {
	const { town, target, by } = applying;
	const hooked: Agent[] = agentsHookedTo(town, target);
	for (const agent of hooked)
		if (agent.bead_id !== params.agent) freeAgent(applying, agent, "admin_reassign");
	const bead = needBead(town, target);
	if (!bead.ok) return bead;
	const open = bead.value.status === "open" ? bead : applyMove(town, bead.value, "release", { by });
	if (!open.ok) return open;
	if (params.agent === null || hooked.some((agent) => agent.bead_id === params.agent)) {
		// The agent on its hook already only lacks the assignee, where the two had drifted apart.
		assignBead(town, open.value, params.agent);
		if (params.agent !== null)
			updateRow(town.sql, agents, [params.agent], { current_attempt_id: null, checkpoint: null });
		return ok(null);
	}
	return hookBead(town, { agent_id: params.agent, bead_id: target });
}
