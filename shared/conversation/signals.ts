import { errorOf } from "./errors.ts";
import { isRecord, numberOr, record, stringOrNull } from "./event.ts";
import { foldCall, type LoopState, noLoops } from "./loops.ts";
import { foldPending } from "./pending.ts";
import { foldStatus } from "./status.ts";
import type { AgentEvent, Pending, Status, ToolPart } from "./types.ts";

/**
 * What must be known of an agent though nobody follows it (STREAM-6). Plain JSON of bounded size, so that it survives an
 * eviction; work per event does not depend on history. Times in epoch milliseconds.
 */
export type Signals = {
	lastError: { at: number; name: string; message: string; status: number | null; count: number } | null;
	pending: Pending[];
	status: Status;
	lastStepAt: number | null;
	steps: number;
	loops: LoopState;
	/** Sessions that an event was addressed to, and those that a session or a call named as its child. */
	addressed: string[];
	children: string[];
	/** Tool calls and steps counted last, since their snapshots repeat. */
	counted: string[];
};

const SESSIONS_KEPT = 64;
const COUNTED_KEPT = 128;
const TEXT_KEPT = 500;

export const noSignals = (): Signals => ({
	lastError: null,
	pending: [],
	status: { type: "unknown", since: 0 },
	lastStepAt: null,
	steps: 0,
	loops: noLoops(),
	addressed: [],
	children: [],
	counted: [],
});

function note(list: string[], id: string, most: number): boolean {
	if (list.includes(id)) return false;
	list.push(id);
	if (list.length > most) list.shift();
	return true;
}

/** On a shared server of an old agent the events of other agents come too; they are not addressed (domain.md §3.3). */
export function isForeign(signals: Signals, { session, addressed }: AgentEvent): boolean {
	if (session === null || addressed || signals.addressed.length === 0) return false;
	return !signals.addressed.includes(session) && !signals.children.includes(session);
}

/**
 * Folds one event in. `urgent` is true for what should be seen at once: a new error, something asked or answered, a turn that begins or ends, an exit.
 * `at` is when it was emitted. Changes `signals`.
 */
export function foldSignals(signals: Signals, event: AgentEvent, at: number): { urgent: boolean } {
	if (isForeign(signals, event)) return { urgent: false };
	const { session, properties } = event;
	foldFamily(signals, event);
	const child = session !== null && signals.children.includes(session);
	const inTurn = isTurn(signals.status);
	if (!child) signals.status = foldStatus(signals.status, event, at);
	const turned = inTurn !== isTurn(signals.status);
	const before = signals.pending;
	signals.pending = foldPending(
		before,
		event,
		at,
		(id, of) => id === of || (signals.children.includes(id) && !signals.children.includes(of)),
	).map((pending) => (pending.seq === event.seq ? { ...pending, properties: {} } : pending));
	if (!child && event.type === "message.part.updated" && isRecord(properties.part))
		foldSignalPart(signals, properties.part, at);
	const failed = foldLastError(signals, event, at);
	if (event.type !== "agent.exited")
		return { urgent: failed || turned || signals.pending.length !== before.length };
	signals.status = { type: "unknown", since: at };
	signals.loops = noLoops();
	return { urgent: true };
}

/** A turn is under way: the model answers, is tried again, or is waited for. */
const isTurn = ({ type }: Status): boolean => type === "busy" || type === "retry" || type === "offline";

function foldFamily(signals: Signals, { type, session, addressed, properties }: AgentEvent): void {
	if (session === null) return;
	if (addressed) note(signals.addressed, session, SESSIONS_KEPT);
	if (type.startsWith("session.") && stringOrNull(record(properties.info).parentID) !== null)
		note(signals.children, session, SESSIONS_KEPT);
	const task = stringOrNull(record(record(record(properties.part).state).metadata).sessionId);
	if (task !== null && task !== session) note(signals.children, task, SESSIONS_KEPT);
}

const NO_ANSWER: readonly string[] = ["content-filter", "error"];

function foldSignalPart(signals: Signals, part: Record<string, unknown>, at: number): void {
	const id = stringOrNull(part.id);
	if (id === null) return;
	if (part.type === "step-finish" && note(signals.counted, id, COUNTED_KEPT)) {
		signals.steps++;
		signals.lastStepAt = at;
		// Neither is an answer: the turn that they end has not succeeded.
		if (!NO_ANSWER.includes(String(part.reason))) signals.lastError = null;
	}
	const started = part.type === "tool" && record(part.state).status !== "pending" && isRecord(part.state);
	if (started && note(signals.counted, id, COUNTED_KEPT)) foldCall(signals.loops, part as ToolPart, at);
}

/** True for an error that is not the one before once more. */
function foldLastError(signals: Signals, event: AgentEvent, at: number): boolean {
	const error = errorOf(event);
	if (!error || error.aborted) return false;
	const { name, status } = error;
	const message = error.message.slice(0, TEXT_KEPT);
	const last = signals.lastError;
	const same = last?.name === name && last.message === message;
	signals.lastError = { at, name, message, status, count: same ? last.count + 1 : 1 };
	return !same;
}

/** The columns of `agent_signals` that hold them, but for the agent and the position. */
export function signalColumns(signals: Signals) {
	const { status, pending } = signals;
	const loop = signals.loops.current;
	const [asked] = pending;
	return {
		last_error: signals.lastError,
		equal_calls: loop && {
			kind: loop.kind,
			tool: loop.tool,
			input: loop.input,
			count: loop.count,
			since: loop.since,
		},
		pending_permission: asked
			? { id: asked.id, permission: asked.permission, patterns: asked.patterns, since: asked.since }
			: null,
		retry:
			status.type === "retry"
				? { attempt: numberOr(status.attempt, 1), message: status.message, next: status.next }
				: null,
		offline_since: status.type === "offline" ? status.since : null,
		turn_since: isTurn(status) ? status.since : null,
		last_step_at: signals.lastStepAt,
		steps: signals.steps,
	};
}
