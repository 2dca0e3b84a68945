import {
	type Agent, agents, BEAD_PRIORITIES, type Bead, beads, escalationMetadata, escalationState, isTerminal, moveEscalation,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { aboutOf } from "../../shared/interventions/triage.ts";
import { redact } from "../../shared/redaction/index.ts";
import { labelsOf } from "../../shared/town-view/index.ts";
import { endBead, findBead, insertBead, needBead, releaseBead } from "./beads.ts";
import { agentsHookedTo } from "./hooks.ts";
import { orderEnd } from "./inbox.ts";
import { recordBeadEvent } from "./journal.ts";
import { tellMayor } from "./mayor.ts";
import { getRow, updateRow } from "./rows.ts";
import { insertNudge } from "./scheduler/perform/agents.ts";
import { fail, failMove, isoNow, ok, type Result, type Town } from "./town.ts";

type About = ReturnType<typeof aboutOf>;

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
	announce(town, severity, message);
	return ok({ escalation_id: id });
}

/** From medium on the mayor is told. */
function announce(town: Town, severity: string, message: string): void {
	if (severity !== "low")
		tellMayor(town, { message: `Escalation (${severity}): ${message}`, source: "escalation" });
}

/** Told again, one step louder (domain.md §2.9); refused where somebody has seen it, or it is over (#2123). */
export function raiseEscalation(town: Town, id: string): Result<null> {
	const row = getRow(town.sql, escalationMetadata, id);
	const bead = findBead(town, id);
	if (!row || !bead) return fail("no-such-escalation", `There is no escalation "${id}".`, { id });
	const moved = moveEscalation(escalationState(bead, row), "raise");
	if (!moved.ok) return failMove(moved, id);
	const severity = louder(row.severity);
	updateRow(town.sql, escalationMetadata, [id], {
		...{ severity, re_escalation_count: row.re_escalation_count + 1, raised_at: isoNow(town) },
	});
	updateRow(town.sql, beads, [id], {
		...{ priority: severity, updated_at: isoNow(town) },
		labels: [...labelsOf(bead).filter((label) => !label.startsWith("severity:")), `severity:${severity}`],
	});
	recordBeadEvent(town, {
		...{ bead_id: id, event_type: "escalated", by: "scheduler" },
		...{ old_value: row.severity, new_value: severity },
		metadata: { raised: row.re_escalation_count + 1 },
	});
	announce(town, severity, `nobody has acknowledged it yet: ${bead.body ?? bead.title}`);
	return ok(null);
}

const PRIORITIES: readonly string[] = BEAD_PRIORITIES;
/** A severity that nobody knows counts as lower than the lowest. */
const louder = (severity: string): string => PRIORITIES[PRIORITIES.indexOf(severity) + 1] ?? "critical";

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

/**
 * Resolves a triage request; whoever works in the town may (Gastown's 403 loops came of refusing some of them). Answers what came
 * of it: a decision that comes too late does nothing, and says so.
 */
export function resolveTriage(town: Town, args: MethodArgs<"resolveTriage">): Result<{ effect: string }> {
	const found = needBead(town, args.triage_request_bead_id);
	if (!found.ok) return found;
	const request = found.value;
	const id = request.bead_id;
	if (!labelsOf(request).includes("gt:triage-request"))
		return fail("not-a-request", `Bead "${id}" is no triage request.`, { id });
	const by = args.actor ?? args.agent_id;
	const about = aboutOf(request);
	const done = carryOut(town, args, about);
	if (!done.ok) return done;
	recordBeadEvent(town, {
		...{ bead_id: id, event_type: "triage_resolved", by, new_value: args.action },
		metadata: {
			...{ resolution_action: args.action, resolution_notes: redact(args.notes), effect: done.value },
			agent_bead_id: about.agent,
		},
	});
	const closed = endBead(town, request, "close", { by });
	return closed.ok ? ok({ effect: done.value }) : closed;
}

function carryOut(town: Town, { action, notes }: MethodArgs<"resolveTriage">, about: About): Result<string> {
	switch (action) {
		case "RESTART":
			return startAgain(town, about, null);
		case "RESTART_WITH_BACKOFF":
		case "REASSIGN_BEAD":
			return startAgain(town, about, isoNow(town));
		case "CLOSE_BEAD":
			return closeFor(town, about);
		case "NUDGE":
		case "PROVIDE_GUIDANCE": {
			const agent = about.agent === null ? null : getRow(town.sql, agents, about.agent);
			if (!agent || agent.status === "dead") return ok("Nothing: its agent is not in the town any more.");
			const message = notes || "Go on, please.";
			insertNudge(town, { id: town.uuid(), agent: agent.bead_id, message, source: "triage" });
			return ok("Its agent is told.");
		}
		case "ESCALATE":
		case "ESCALATE_TO_MAYOR": {
			const routed = routeEscalation(town, {
				...{ agent_id: about.agent, bead_id: about.bead, severity: "medium", category: "triage" },
				message: notes || "Triage could not resolve it.",
			});
			return routed.ok ? ok("It is escalated.") : routed;
		}
		case "DISCARD":
			return ok("Nothing is done about it.");
	}
}

/**
 * Its bead is open again, and the process that was asked about ends first. Whoever has begun on it since is left alone.
 * `last`: the start from which its back-off counts; null for at once.
 */
function startAgain(town: Town, about: About, last: string | null): Result<string> {
	const bead = about.bead === null ? null : findBead(town, about.bead);
	if (bead === null || !["open", "in_progress"].includes(bead.status))
		return ok("Nothing: there is no unfinished bead to start again.");
	const atWork = agentsHookedTo(town, bead.bead_id).filter((agent) => agent.current_attempt_id !== null);
	const meant = ({ bead_id, current_attempt_id }: Agent) =>
		bead_id === about.agent && current_attempt_id === about.attempt;
	if (!atWork.every(meant)) return ok("Nothing: it has been started again since.");
	endProcesses(town, bead, atWork);
	const released = releaseBead(town, bead, "triage", "triage");
	if (!released.ok) return released;
	updateRow(town.sql, beads, [bead.bead_id], { last_dispatch_attempt_at: last });
	return ok(`"${bead.title}" is open again.`);
}

function closeFor(town: Town, about: About): Result<string> {
	const bead = about.bead === null ? null : findBead(town, about.bead);
	if (bead === null || isTerminal(bead.status)) return ok("Nothing: there is no unfinished bead to close.");
	endProcesses(town, bead, agentsHookedTo(town, bead.bead_id));
	const closed = endBead(town, bead, "close", { by: "triage" });
	return closed.ok ? ok(`"${bead.title}" is closed.`) : closed;
}

/** Work that is taken from an agent ends its session (LEDGER-12). */
function endProcesses(town: Town, bead: Bead, working: readonly Agent[]): void {
	for (const { bead_id: agent, current_attempt_id: attempt } of working)
		if (attempt !== null)
			orderEnd(town, { agent, attempt, bead: bead.bead_id, cause: "triage", how: "term" });
}
