import { type Agent, agents, type BeadPriority } from "../../../shared/gastown/index.ts";
import { hasSession, sourcesOf } from "../../../shared/interventions/reading.ts";
import { labelsOf } from "../../../shared/town-view/index.ts";
import { findAgent } from "../agents.ts";
import { endAttempt } from "../attempts.ts";
import { applyMove, assignBead, endBead, findBead, needBead, reopenBead, updateBead } from "../beads.ts";
import { agentsHookedTo, hookBead } from "../hooks.ts";
import { updateRow } from "../rows.ts";
import { ok, type Result, type Town } from "../town.ts";
import { type Applying, forgetProcess, freeAgent } from "./apply-agent.ts";

const applyPriority = ({ town, target, by }: Applying, params: { priority: BeadPriority }) =>
	updateBead(town, { bead_id: target, fields: { priority: params.priority }, actor: by });

/** Ends a bead and frees its agents; a merge request that fails gives its work back to the queue (domain.md §2.4). */
function applyEnd(applying: Applying, move: "close" | "fail"): Result<unknown> {
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

const HELD = "gt:held";

function applyReopen(
	{ town, target, by }: Applying,
	params: { to: "open" | "in_review"; clear_attempts: boolean; release: boolean },
): Result<unknown> {
	const bead = needBead(town, target);
	if (!bead.ok) return bead;
	// Its merge request still stands: its work is done, it needs no agent.
	if (params.to === "in_review") return applyMove(town, bead.value, "resubmit", { by });
	const labels = labelsOf(bead.value);
	if (params.release && labels.includes(HELD)) {
		const fields = { labels: labels.filter((label) => label !== HELD) };
		const released = updateBead(town, { bead_id: target, fields, actor: by });
		if (!released.ok) return released;
	}
	if (params.clear_attempts) return reopenBead(town, bead.value, by);
	return applyMove(town, bead.value, "reopen", { by, patch: { assignee_agent_bead_id: null } });
}

/** Frees whoever has the bead, so that it is Open, and hooks the chosen agent: hook = assignee (LEDGER-12). */
function applyReassign(applying: Applying, params: { agent: string | null }): Result<unknown> {
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
		if (params.agent !== null) forgetAttempt(town, params.agent);
		return ok(null);
	}
	return hookBead(town, { agent_id: params.agent, bead_id: target });
}

/** What was started before is not this start: its attempt ends with it. */
function forgetAttempt(town: Town, agentId: string): void {
	const attempt = findAgent(town, agentId)?.current_attempt_id ?? null;
	if (attempt !== null) endAttempt(town, attempt, null);
	updateRow(town.sql, agents, [agentId], { current_attempt_id: null, checkpoint: null });
}

export const APPLY_BEAD = {
	"bead.priority": applyPriority,
	"bead.close": (applying: Applying) => applyEnd(applying, "close"),
	"bead.fail": (applying: Applying) => applyEnd(applying, "fail"),
	"bead.reopen": applyReopen,
	"bead.reassign": applyReassign,
};
