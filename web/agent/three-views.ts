import type { Agent, AgentSessionRow, AgentSignals } from "../../shared/gastown/index.ts";
import { lastExitOf, timeOf } from "../../shared/town-view/index.ts";
import type { AgentBeat } from "../live/town-state.ts";
import { duration, type Look, look } from "../ui/index.ts";

/** What is known of an agent in three places. `runs`: whether the container runs, null where nobody knows. Times are the town's. */
export type Known = {
	agent: Agent;
	beat: AgentBeat | null;
	session: AgentSessionRow | undefined;
	signals: AgentSignals | undefined;
	runs: boolean | null;
	now: number;
};
export type Views = { container: Look; session: Look; differ: string[] };

/** A heartbeat that is older is no word of now. */
const HEARD_MS = 90_000;
/** The places learn of a change one after the other: so long they may differ. */
const LAG_MS = 30_000;

const ACTIVE = ["working", "waiting", "stalled"];

/** What container and session each say, and where one of the three contradicts another. */
export function threeViews(known: Known): Views {
	return { container: containerSays(known), session: sessionSays(known), differ: differences(known) };
}

const ageOf = ({ beat, now }: Known): number => (beat ? now - beat.heartbeat_at : Number.POSITIVE_INFINITY);
const isHeard = (known: Known): boolean =>
	known.runs !== false && ageOf(known) <= HEARD_MS && endedAt(known) === null;

/** When the process ended whose heartbeat was the last, null where that one is not known to have ended. */
function endedAt({ agent, beat }: Known): number | null {
	const at = timeOf(lastExitOf(agent)?.at);
	return at !== null && beat && beat.heartbeat_at <= at ? at : null;
}

function containerSays(known: Known): Look {
	if (known.runs === false) return look("open", "Container does not run", "quiet");
	if (!known.beat) return look("unknown", "Nothing heard yet", "quiet");
	if (endedAt(known) !== null) return look("open", "Process ended", "quiet");
	if (!isHeard(known)) return look("late", `Silent for ${duration(ageOf(known))}`, "warn");
	const status = known.session?.status;
	return status && status !== "running"
		? look("changing", capital(status), "active")
		: look("running", "Running", "good");
}

function sessionSays({ signals, runs }: Known): Look {
	if (!signals) return look("unknown", "Has said nothing", "quiet");
	if (signals.pending_permission) return look("waiting", "Asks for permission", "warn");
	if (signals.retry) return look("changing", "Model is tried again", "warn");
	if (signals.offline_since !== null) return look("warning", "Model out of reach", "warn");
	if (runs !== false && signals.turn_since !== null) return look("underWay", "In a turn", "active");
	if (signals.last_error) return look("failed", "Ended with an error", "bad");
	return look("open", "Between turns", "quiet");
}

function differences(known: Known): string[] {
	const { agent, beat, signals, runs, now } = known;
	const found: string[] = [];
	const says = `The town says ${agent.status}`;
	if (runs === false) {
		if (agent.status === "working") found.push(`${says}, the container does not run.`);
		return found;
	}
	const heard = isHeard(known);
	const ended = endedAt(known);
	if (agent.status === "working" && ended !== null && now - ended > LAG_MS)
		found.push(`${says}, its process ended ${duration(now - ended)} ago.`);
	if (agent.status === "working" && beat && !heard && ended === null)
		found.push(`${says}, the container has said nothing of it for ${duration(ageOf(known))}.`);
	if (heard && !ACTIVE.includes(agent.status) && ageOf(known) < LAG_MS)
		found.push(`${says}, the container still runs its process${beat?.pid ? ` ${beat.pid}` : ""}.`);
	const process = agent.container_process_id;
	if (heard && beat?.pid && process !== null && process !== String(beat.pid))
		found.push(`The town knows process ${process}, the container runs ${beat.pid}.`);
	if (heard && beat?.attempt_id && agent.current_attempt_id && beat.attempt_id !== agent.current_attempt_id)
		found.push("The process is of another attempt than the town's.");
	const turn = signals?.turn_since ?? null;
	if (turn !== null && now - turn > LAG_MS && ["waiting", "idle", "dead"].includes(agent.status))
		found.push(`${says}, its session is in a turn since ${duration(now - turn)}.`);
	const step = signals?.last_step_at ?? null;
	if (agent.status === "working" && turn === null && step !== null && now - step > 4 * LAG_MS)
		found.push(`${says}, its session has no turn under way since ${duration(now - step)}.`);
	return found;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
