import type { ReportKind, Reports } from "../../shared/ingest/index.ts";
import type { Sign } from "./interventions/interventions.ts";

/** What a report shows of processes that have ended; null for all others. */
export function endsIn<K extends ReportKind>(kind: K, report: Reports[K]): Sign | null {
	if (kind === "completions") {
		const { agent_id: agent, attempt_id: attempt } = report as Reports["completions"];
		return { kind: "exit", agent, attempt };
	}
	if (kind === "heartbeat")
		return {
			kind: "heartbeat",
			running: (report as Reports["heartbeat"]).agents.map((agent) => agent.agent_id),
		};
	if (kind !== "container-events") return null;
	const { type, instance_id: instance } = report as Reports["container-events"];
	return type === "stop" ? { kind: "container-stop", instance } : null;
}
