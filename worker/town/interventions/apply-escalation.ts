import { escalationMetadata } from "../../../shared/gastown/index.ts";
import type { MethodArgs } from "../../../shared/ingest/index.ts";
import { hasSession } from "../../../shared/interventions/reading.ts";
import { aboutOf } from "../../../shared/interventions/triage.ts";
import { findAgent } from "../agents.ts";
import { acknowledgeEscalation, resolveTriage } from "../escalations.ts";
import { recordBeadEvent } from "../journal.ts";
import { updateRow } from "../rows.ts";
import { ok, type Result } from "../town.ts";
import { type Applying, forgetProcess } from "./apply-agent.ts";

/** As an agent would decide it, by the same rules (TRIAGE-1); where its container runs nothing no end of a process will come. */
function applyResolve(
	applying: Applying,
	{ action, notes }: Pick<MethodArgs<"resolveTriage">, "action" | "notes">,
): Result<unknown> {
	const { town, look, target, by } = applying;
	const { bead } = aboutOf(look.bead(target));
	const over = (bead === null ? [] : look.agentsHookedTo(bead)).filter((agent) => !hasSession(agent, look));
	const args = { agent_id: null, triage_request_bead_id: target, action, notes, actor: by };
	const resolved = resolveTriage(town, args);
	if (!resolved.ok) return resolved;
	for (const { bead_id } of over) {
		const agent = findAgent(town, bead_id);
		if (agent?.current_hook_bead_id === null) forgetProcess(town, agent);
	}
	return resolved;
}

/** Taking it back leaves the row as it was before. */
function applyAcknowledge({ town, target, by }: Applying, { seen }: { seen: boolean }): Result<unknown> {
	if (seen) return acknowledgeEscalation(town, { escalation_id: target, actor: by });
	updateRow(town.sql, escalationMetadata, [target], { acknowledged: 0, acknowledged_at: null });
	recordBeadEvent(town, {
		...{ bead_id: target, event_type: "fields_updated", by },
		metadata: { fields: ["acknowledged"] },
	});
	return ok(null);
}

export const APPLY_ESCALATION = {
	"triage.resolve": applyResolve,
	"escalation.acknowledge": applyAcknowledge,
};
