import { type Agent, agents, beads, moveAgent } from "../../shared/gastown/index.ts";
import type { CompletionReport } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { changeAgentStatus, needAgent } from "./agents.ts";
import { endAttempt, needAttempt } from "./attempts.ts";
import { endBead, findBead } from "./beads.ts";
import { maxAttempts } from "./dispatch.ts";
import { takeOff } from "./hooks.ts";
import { recordBeadEvent } from "./journal.ts";
import { updateRow } from "./rows.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";

/**
 * An agent's process ended (`agent_completed`, domain.md §2.4). `failed` fails its bead with `agent_failed`; `evicted` opens
 * it without an assignee; any other end leaves bead and hook for a late `agentDone` or the next dispatch. The exit of an
 * attempt that the agent is not at, because it was taken off or told before, says nothing of what the agent does now.
 */
export function agentCompleted(town: Town, report: CompletionReport): Result<null> {
	const found = needAgent(town, report.agent_id);
	if (!found.ok) return found;
	const agent = found.value;
	const reason = redact(report.reason);
	if (report.attempt_id !== null) {
		const attempt = needAttempt(town, report.attempt_id);
		if (!attempt.ok) return attempt;
		if (attempt.value.agent_id !== agent.bead_id)
			return fail("foreign-attempt", "This attempt is of another agent.", { id: report.attempt_id });
		endAttempt(town, report.attempt_id, report.exit_code, { signal: report.signal, end_reason: reason });
		if (report.attempt_id !== agent.current_attempt_id) {
			// Nothing newer runs: the process that is still noted is the one that ended.
			if (agent.current_attempt_id === null && agent.container_process_id !== null)
				noteExit(town, agent, report, { reason, bead: null });
			return ok(null);
		}
	}
	noteExit(town, agent, report, { reason, bead: agent.current_hook_bead_id });
	if (report.status === "failed") return crashed(town, agent, report, reason);
	if (report.status === "evicted") {
		takeOff(town, agent, "unhook", { reason: "container eviction", agentMove: "lost" });
		return ok(null);
	}
	if (agent.current_attempt_id !== null) endAttempt(town, agent.current_attempt_id, report.exit_code);
	updateRow(town.sql, agents, [agent.bead_id], { current_attempt_id: null });
	leave(town, agent);
	return ok(null);
}

/** Writes the end of the agent's process, at work on `bead` if any. */
function noteExit(
	town: Town,
	agent: Agent,
	report: CompletionReport,
	{ reason, bead }: { reason: string; bead: string | null },
): void {
	const { exit_code, signal } = report;
	updateRow(town.sql, agents, [agent.bead_id], {
		container_process_id: null,
		active_tools: [],
		last_exit: { at: isoNow(town), code: exit_code, signal, reason, status: report.status, bead_id: bead },
	});
	town.sql.run("DELETE FROM agent_pulse WHERE agent_id = ?", agent.bead_id);
	recordBeadEvent(town, {
		bead_id: bead ?? agent.bead_id,
		event_type: "agent_exited",
		by: agent.bead_id,
		new_value: report.status,
		metadata: { exit_code, signal, reason },
	});
}

function crashed(town: Town, agent: Agent, report: CompletionReport, reason: string): Result<null> {
	const bead = agent.current_hook_bead_id === null ? null : findBead(town, agent.current_hook_bead_id);
	const left =
		bead !== null && bead.type !== "agent" && bead.dispatch_attempts < maxAttempts(town, bead.rig_id);
	const how = report.signal ? `signal ${report.signal}` : `exit code ${report.exit_code ?? "unknown"}`;
	const message = `The agent's process failed with ${how}${reason ? `: ${reason}` : ""}.`;
	const again = left && (bead.status === "in_progress" || bead.status === "open");
	takeOff(town, agent, again ? "unhook" : "drop", {
		...{ reason: "agent_failed", agentMove: "exit", exitCode: report.exit_code },
	});
	if (bead === null) return ok(null);
	// Another attempt may go well: it is open again, and waits for its back-off (scenarios.md §1, recovers by itself).
	if (again) {
		updateRow(town.sql, beads, [bead.bead_id], { last_dispatch_error: message });
		return ok(null);
	}
	if (bead.status !== "in_progress" && bead.status !== "open") return ok(null);
	const failed = endBead(town, bead, "crash", {
		by: agent.bead_id,
		reason: {
			code: "agent_failed",
			message,
			source: "container",
		},
	});
	return failed.ok ? ok(null) : failed;
}

function leave(town: Town, agent: Agent): void {
	const moved = moveAgent(agent.status, "exit");
	if (moved.ok) changeAgentStatus(town, agent, moved.to);
}
