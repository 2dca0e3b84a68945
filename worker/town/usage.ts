import { agentSignals, usage } from "../../shared/gastown/index.ts";
import type { AgentReport } from "../rpc.ts";
import { findAgent } from "./agents.ts";
import { getRow, upsertRow } from "./rows.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";
import { addToHour } from "./usage-hours.ts";

/** Signals of an agent's stream (STREAM-6) and its absolute totals per attempt and model (STREAM-4). Keeps the newest of both: a report from an earlier place in the stream than what is stored changes nothing. */
export function recordAgentReport(town: Town, report: AgentReport): Result<null> {
	if (!findAgent(town, report.agent))
		return fail("no-such-agent", `There is no agent "${report.agent}" in this town.`, { id: report.agent });
	const before = getRow(town.sql, agentSignals, report.agent);
	if (!before || before.stream_seq <= report.signals.stream_seq)
		upsertRow(town.sql, agentSignals, { ...report.signals, agent_id: report.agent });
	for (const totals of report.usage) {
		const known = getRow(town.sql, usage, totals.attempt_id, totals.model);
		if (known && known.stream_seq >= totals.stream_seq) continue;
		addToHour(town, { ...totals, agent_id: report.agent }, known);
		upsertRow(town.sql, usage, { ...totals, agent_id: report.agent, at: isoNow(town) });
	}
	return ok(null);
}
