import { record, stringOrNull } from "./event.ts";
import type { AgentEvent, ErrorEntry } from "./types.ts";

/** Errors kept; older ones are in the stream. */
const MOST = 200;

/** Events of the first generation that are errors by themselves (domain.md §1.7). */
const NAMED = new Set(["error", "payment_required", "insufficient_funds"]);

/** What an event says went wrong, or null. */
export function errorOf(
	event: AgentEvent,
): { name: string; message: string; status: number | null; aborted: boolean } | null {
	if (event.type !== "session.error" && !NAMED.has(event.type)) return null;
	const { properties } = event;
	const error = record(properties.error);
	const data = record(error.data);
	const name = stringOrNull(error.name) ?? (event.type === "session.error" ? "UnknownError" : event.type);
	const message =
		stringOrNull(data.message) ??
		stringOrNull(error.message) ??
		stringOrNull(properties.error) ??
		stringOrNull(properties.message) ??
		"";
	const status = typeof data.statusCode === "number" ? data.statusCode : null;
	return { name, message, status, aborted: name === "MessageAbortedError" };
}

/** The list after an event, the same array when nothing changed: an equal error in a row raises the count. */
export function foldErrors(
	list: readonly ErrorEntry[],
	event: AgentEvent,
	at: number,
): readonly ErrorEntry[] {
	const error = errorOf(event);
	if (!error) return list;
	const last = list.at(-1);
	const { session, seq } = event;
	if (last && last.name === error.name && last.message === error.message && last.session === session)
		return [...list.slice(0, -1), { ...last, count: last.count + 1, lastAt: at, seq, recoveredAt: null }];
	const entry = { ...error, session, seq, count: 1, firstAt: at, lastAt: at, recoveredAt: null };
	return [...list.slice(-(MOST - 1)), entry];
}

/** After a completed step the errors before it are over (an overflow is followed by compaction, sdk-events.md §5). */
export function recover(
	list: readonly ErrorEntry[],
	session: string | null,
	at: number,
): readonly ErrorEntry[] {
	const last = list.at(-1);
	if (!last || last.recoveredAt !== null || last.session !== session) return list;
	return [...list.slice(0, -1), { ...last, recoveredAt: at }];
}
