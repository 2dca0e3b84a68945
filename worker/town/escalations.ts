import { agents, escalationMetadata, escalationState, moveEscalation } from "../../shared/gastown/index.ts";
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { endBead, findBead, insertBead, needBead, releaseBead } from "./beads.ts";
import { agentsHookedTo } from "./hooks.ts";
import { recordBeadEvent } from "./journal.ts";
import { getRow, updateRow } from "./rows.ts";
import { insertNudge } from "./scheduler/perform/agents.ts";
import { fail, failMove, isoNow, ok, type Result, type Town } from "./town.ts";

/** Somebody asks for help: an escalation of the town, and from medium on a word to the mayor, which wakes nothing (TRIAGE-1). */
export function routeEscalation(
	town: Town,
	args: MethodArgs<"routeEscalation">,
): Result<{ escalation_id: string }> {
	const id = town.uuid();
	const { agent_id, bead_id, severity, category } = args;
	const message = redact(args.message);
	const about = bead_id === null ? null : findBead(town, bead_id);
	insertBead(town, {
		...{
			id,
			type: "escalation",
			title: `Escalation: ${message.slice(0, 200)}`,
			body: message,
			priority: severity,
		},
		...{
			rig_id: about?.rig_id ?? null,
			parent_bead_id: null,
			assignee_agent_bead_id: null,
			created_by: agent_id,
		},
		labels: ["gt:escalation", `severity:${severity}`],
		metadata: { source_agent_id: agent_id, source_bead_id: bead_id },
	});
	updateRow(town.sql, escalationMetadata, [id], { severity, category });
	if (bead_id !== null && about)
		recordBeadEvent(town, {
			bead_id,
			event_type: "escalated",
			by: agent_id,
			new_value: severity,
			metadata: { message, escalation: id },
		});
	const mayor = town.sql.one<{ id: string }>(
		"SELECT bead_id AS id FROM agent_metadata WHERE role = 'mayor' AND status != 'dead' LIMIT 1",
	);
	if (mayor && severity !== "low")
		insertNudge(town, {
			id: town.uuid(),
			agent: mayor.id,
			message: `Escalation (${severity}): ${message}`,
			source: "escalation",
		});
	return ok({ escalation_id: id });
}

/** Somebody has seen it; it stays open until its cause is gone (Gastown closed it, #1107). */
export function acknowledgeEscalation(town: Town, args: MethodArgs<"acknowledgeEscalation">): Result<null> {
	const row = getRow(town.sql, escalationMetadata, args.escalation_id);
	const bead = findBead(town, args.escalation_id);
	if (!row || !bead)
		return fail("no-such-escalation", `There is no escalation "${args.escalation_id}".`, {
			id: args.escalation_id,
		});
	const moved = moveEscalation(escalationState(bead, row), "acknowledge");
	if (!moved.ok) return failMove(moved, args.escalation_id);
	updateRow(town.sql, escalationMetadata, [args.escalation_id], {
		acknowledged: 1,
		acknowledged_at: isoNow(town),
	});
	recordBeadEvent(town, {
		bead_id: args.escalation_id,
		event_type: "fields_updated",
		by: args.actor,
		metadata: { fields: ["acknowledged"] },
	});
	return ok(null);
}

/** Resolves a triage request; whoever works in the town may (Gastown's 403 loops came of refusing some of them). */
export function resolveTriage(town: Town, args: MethodArgs<"resolveTriage">): Result<null> {
	const found = needBead(town, args.triage_request_bead_id);
	if (!found.ok) return found;
	const request = found.value;
	const by = args.actor ?? args.agent_id;
	const { agent_bead_id, bead_id } = request.metadata;
	const carried = carryOut(town, args, {
		agent: typeof agent_bead_id === "string" ? agent_bead_id : null,
		bead: typeof bead_id === "string" ? bead_id : null,
	});
	if (!carried.ok) return carried;
	recordBeadEvent(town, {
		...{ bead_id: request.bead_id, event_type: "triage_resolved", by, new_value: args.action },
		metadata: { resolution_action: args.action, resolution_notes: args.notes },
	});
	const closed = endBead(town, request, "close", { by });
	return closed.ok ? ok(null) : closed;
}

function carryOut(
	town: Town,
	{ action, notes }: MethodArgs<"resolveTriage">,
	about: { agent: string | null; bead: string | null },
): Result<unknown> {
	const bead = about.bead === null ? null : findBead(town, about.bead);
	switch (action) {
		case "RESTART":
		case "RESTART_WITH_BACKOFF":
		case "REASSIGN_BEAD": {
			if (bead === null || !["open", "in_progress"].includes(bead.status)) return ok(null);
			return releaseBead(town, bead, "triage", action);
		}
		case "CLOSE_BEAD":
			return bead && agentsHookedTo(town, bead.bead_id).length === 0
				? endBead(town, bead, "close", { by: "triage" })
				: ok(null);
		case "NUDGE":
		case "PROVIDE_GUIDANCE":
			if (about.agent !== null && getRow(town.sql, agents, about.agent))
				insertNudge(town, {
					id: town.uuid(),
					agent: about.agent,
					message: notes || "Go on, please.",
					source: "triage",
				});
			return ok(null);
		case "ESCALATE":
		case "ESCALATE_TO_MAYOR":
			return routeEscalation(town, {
				...{ agent_id: about.agent, bead_id: about.bead, severity: "medium", category: "triage" },
				message: notes || "Triage could not resolve it.",
			});
		case "DISCARD":
			return ok(null);
	}
}
