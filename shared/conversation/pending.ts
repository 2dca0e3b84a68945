import { record, stringOrNull } from "./event.ts";
import type { AgentEvent, Pending } from "./types.ts";

/** More than this is a broken producer, not a backlog: only the newest are kept. */
const MOST = 50;

const strings = (value: unknown): string[] =>
	Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

function asked(event: AgentEvent, kind: Pending["kind"], at: number): Pending | null {
	const { properties } = event;
	const id = stringOrNull(properties.id);
	if (id === null) return null;
	const tool = record(properties.tool);
	const question = record(Array.isArray(properties.questions) ? properties.questions[0] : null);
	const words =
		kind === "question"
			? (stringOrNull(question.header) ?? stringOrNull(question.question))
			: (stringOrNull(properties.permission) ?? stringOrNull(properties.type));
	return {
		id,
		kind,
		session: event.session ?? "",
		permission: words ?? kind,
		patterns: strings(properties.patterns ?? properties.pattern),
		callID: stringOrNull(tool.callID) ?? stringOrNull(properties.callID),
		messageID: stringOrNull(tool.messageID) ?? stringOrNull(properties.messageID),
		since: at,
		seq: event.seq,
		properties,
	};
}

/** Events after which nothing of their session can still be asked: an abort sends no reply (sdk-events.md §5). */
const ENDS = new Set([
	"session.idle",
	"session.error",
	"session.turn.close",
	"session.turn.open",
	"session.deleted",
]);

const endsSession = ({ type, properties }: AgentEvent): boolean =>
	ENDS.has(type) || (type === "session.status" && record(properties.status).type === "idle");

/** True when the session has gone on to a later message: kilo 7.0.33 and opencode have no events of turns. */
function wentOn(pending: Pending, { type, session, properties }: AgentEvent): boolean {
	if (type !== "message.updated" || session !== pending.session || pending.messageID === null) return false;
	const { id, role } = record(properties.info);
	return role === "assistant" && typeof id === "string" && id > pending.messageID;
}

function answers(pending: Pending, { type, properties }: AgentEvent): boolean {
	if (type === "permission.replied" || type === "question.replied" || type === "question.rejected")
		return pending.id === (properties.requestID ?? properties.permissionID);
	if (type !== "message.part.updated" || pending.callID === null) return false;
	const part = record(properties.part);
	const status = record(part.state).status;
	return part.callID === pending.callID && (status === "completed" || status === "error");
}

/**
 * What is still asked after an event; the same array when nothing changed. Cleared by an answer, by the end of the tool
 * call that asked, and by idle, error, the close of a turn or a newer one. `covers(session, of)` tells whether an end of
 * session `of` also ends `session` (its children).
 */
export function foldPending(
	list: readonly Pending[],
	event: AgentEvent,
	at: number,
	covers: (session: string, of: string) => boolean,
): readonly Pending[] {
	if (event.type === "permission.asked" || event.type === "question.asked") {
		const next = asked(event, event.type === "permission.asked" ? "permission" : "question", at);
		return next === null ? list : [...list.filter(({ id }) => id !== next.id), next].slice(-MOST);
	}
	if (list.length === 0) return list;
	if (event.type === "agent.exited") return [];
	const { session } = event;
	const ended = session !== null && endsSession(event);
	const left = list.filter(
		(pending) =>
			!answers(pending, event) && !wentOn(pending, event) && !(ended && covers(pending.session, session)),
	);
	return left.length === list.length ? list : left;
}
