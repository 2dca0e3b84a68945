import type { AgentStatus } from "./agent.ts";
import { type Moved, move, no, type TransitionTable } from "./transition.ts";

/** What can happen to an agent (domain.md §2.10). */
export const AGENT_MOVES = [
	"hook",
	"unhook",
	/** The container is asked to start it. */
	"dispatch",
	/** The container did not start it. */
	"start_failed",
	/** It reported its work done. */
	"done",
	/** Its process ended, well or not. */
	"exit",
	/** Its process is gone and nobody saw it end: heartbeats missed, container evicted. */
	"lost",
	/** No progress for two hours: GUPP force stop. */
	"stall",
	/** Two and a half hours after the stall. */
	"recover",
	/** The mayor's session waits for a message: alive, not at work. */
	"session_idle",
	"session_busy",
	"reset",
	/** Taken out of the town for good; its row and history stay. */
	"retire",
] as const;
export type AgentMove = (typeof AGENT_MOVES)[number];

const notStarting = no("it is not being started");
const notWorking = no("it does not work");
const notStalled = no("it is not stalled");
const dead = no("it has been taken out of the town");

export const AGENT_TRANSITIONS: TransitionTable<AgentStatus, AgentMove> = {
	idle: {
		hook: "idle",
		unhook: "idle",
		dispatch: "working",
		start_failed: notStarting,
		/** Its process ended before its last word came in (a race that Gastown knows of refineries). */
		done: "idle",
		exit: "idle",
		lost: "idle",
		stall: notWorking,
		recover: notStalled,
		session_idle: notWorking,
		session_busy: no("it has no process; dispatch it"),
		reset: "idle",
		retire: "dead",
	},
	working: {
		hook: no("it works already"),
		unhook: "idle",
		dispatch: no("it works already"),
		start_failed: "idle",
		done: "idle",
		exit: "idle",
		lost: "idle",
		stall: "stalled",
		recover: notStalled,
		session_idle: "waiting",
		session_busy: "working",
		reset: "idle",
		retire: "dead",
	},
	waiting: {
		hook: no("its session is alive; it takes messages, not hooks"),
		unhook: "idle",
		dispatch: "working",
		start_failed: notStarting,
		done: "idle",
		exit: "idle",
		lost: "idle",
		stall: no("the watchdog leaves waiting agents alone"),
		recover: notStalled,
		session_idle: "waiting",
		session_busy: "working",
		reset: "idle",
		retire: "dead",
	},
	stalled: {
		hook: no("it is stalled; reset it first"),
		unhook: "idle",
		dispatch: no("it is stalled; reset it first"),
		start_failed: notStarting,
		done: "idle",
		exit: "idle",
		lost: "idle",
		stall: no("it is stalled already"),
		recover: "idle",
		session_idle: "waiting",
		session_busy: "working",
		reset: "idle",
		retire: "dead",
	},
	dead: {
		hook: dead,
		unhook: dead,
		dispatch: dead,
		start_failed: dead,
		done: dead,
		exit: "dead",
		lost: "dead",
		stall: dead,
		recover: dead,
		session_idle: dead,
		session_busy: dead,
		reset: dead,
		retire: no("it has been taken out of the town already"),
	},
};

/** Where an agent goes from `from`, or why it cannot. */
export const moveAgent = (from: string, event: AgentMove): Moved<AgentStatus> =>
	move(AGENT_TRANSITIONS, "agent", from, event);

/** The move that brings an agent to `to`, for callers that name a status (`updateAgentStatus`, domain.md §2.2). */
export function agentMoveTowards(from: string, to: AgentStatus): AgentMove {
	if (to === "idle") return from === "stalled" ? "recover" : "reset";
	// An idle agent is started by `startDispatch`, which leaves an attempt; a status alone starts nothing.
	if (to === "working") return "session_busy";
	return ({ waiting: "session_idle", stalled: "stall", dead: "retire" } as const)[to];
}
