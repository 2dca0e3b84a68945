import { numberOr, record, stringOrNull } from "./event.ts";
import type { AgentEvent, Session, Status } from "./types.ts";

/** How long an agent must be idle before it counts as idle: it may go idle between queued turns (sdk-events.md §5). */
export const SETTLE_MS = 2_000;

function statusNamed(properties: Record<string, unknown>, since: number): Status {
	const status = record(properties.status);
	const name = stringOrNull(status.type) ?? stringOrNull(properties.status) ?? "unknown";
	const message = stringOrNull(status.message) ?? "";
	if (name === "busy" || name === "idle") return { type: name, since };
	if (name === "offline")
		return { type: "offline", since, message, requestID: stringOrNull(status.requestID) };
	if (name !== "retry") return { type: "other", since, name };
	const next = typeof status.next === "number" ? status.next : null;
	return { type: "retry", since, attempt: numberOr(status.attempt, 1), message, next };
}

/** The status after an event. `busy` repeats about twice per step: the same status keeps its object and its `since`. */
export function foldStatus(status: Status, event: AgentEvent, at: number): Status {
	let next: Status;
	if (event.type === "session.status") next = statusNamed(event.properties, at);
	else if (event.type === "session.idle" || event.type === "session.completed")
		next = { type: "idle", since: at };
	else return status;
	if (next.type !== status.type) return next;
	if (next.type === "retry" || next.type === "offline" || next.type === "other")
		return { ...next, since: status.since };
	return status;
}

/** What to show of a session now: `idle` only when it lasts and nothing is queued. `now` in epoch milliseconds. */
export function settledStatus(session: Pick<Session, "status" | "queued">, now: number): Status {
	const { status, queued } = session;
	if (status.type !== "idle") return status;
	return queued > 0 || now - status.since < SETTLE_MS ? { type: "busy", since: status.since } : status;
}
