import type { Agent, AgentSignals } from "../../../shared/gastown/index.ts";
import { activeToolsOf, lastExitOf, signalOf, timeOf } from "../../../shared/town-view/index.ts";
import { duration } from "../format/duration.ts";
import { heardAt, nothingRuns, type Sight, startsStill } from "./sight.ts";
import { type Look, look, unknownLook } from "./signs.ts";

/** Heartbeats come every few seconds; after this long the town takes the agent for lost (domain.md §2.6). */
const HEARTBEAT_LATE_MS = 90_000;
/** The watchdog's first warning: no event for this long and no tool active. */
const SILENT_MS = 900_000;

const workingLook = (agent: Agent, sight: Sight, signals?: AgentSignals): Look => {
	if (nothingRuns(sight)) return look("unknown", "Was working", "quiet");
	const bead = agent.current_hook_bead_id ? sight.look.bead(agent.current_hook_bead_id) : undefined;
	if (bead && startsStill(bead, agent, sight)) return look("changing", "Starting", "active");
	if (signalOf(signals, "pending_permission")) return look("waiting", "Needs permission", "quiet");
	const heard = heardAt(agent, sight);
	if (heard !== null && sight.now - heard > HEARTBEAT_LATE_MS) return look("late", "Heartbeat late", "warn");
	const event = timeOf(agent.last_event_at);
	const idleTools = activeToolsOf(agent).length === 0;
	if (event !== null && idleTools && sight.now - event > SILENT_MS)
		return look("late", `Silent ${duration(sight.now - event)}`, "warn");
	return look("underWay", "Working", "active");
};

/** How an agent stands, from its row, its pulse and the signals of its stream. */
export function agentLook(agent: Agent, sight: Sight, signals?: AgentSignals): Look {
	switch (agent.status) {
		case "idle":
			return timeOf(agent.last_activity_at) === null &&
				timeOf(agent.last_event_at) === null &&
				!lastExitOf(agent)
				? look("held", "Not started yet", "quiet")
				: look("open", "Idle", "quiet");
		case "working":
			return workingLook(agent, sight, signals);
		case "waiting":
			return signalOf(signals, "pending_permission")
				? look("waiting", "Needs permission", "quiet")
				: look("waiting", "Waiting", "quiet");
		case "stalled":
			return look("warning", "Stalled", "warn");
		case "dead": {
			// Who was taken out of the town is dead too: only then its own bead is closed.
			if (sight.look.bead(agent.bead_id)?.status === "closed") return look("gone", "Removed", "quiet");
			const code = lastExitOf(agent)?.code;
			return look("failed", code ? `Crashed, exit ${code}` : "Dead", "bad");
		}
		default:
			return unknownLook(agent.status);
	}
}
