import { isRecord, numberOr, record, stringOrNull } from "./event.ts";
import { insert } from "./messages.ts";
import { foldStatus } from "./status.ts";
import type { AgentEvent, LiveMessage, Session, SessionKind } from "./types.ts";

/**
 * Which sessions are the agent's own. A child (the `task` tool) names its parent, or the tool call names the child. On a
 * shared server of kilo 7.0.33 other agents' sessions come through where their id is only nested: they are foreign as
 * soon as some session was addressed.
 */
export type Sessions = {
	all: Map<string, Session>;
	/** Parents told by tool calls, also of sessions not yet seen. */
	parents: Map<string, string>;
	anyAddressed: boolean;
	/** Some session is the agent's own; until then all of them are shown. */
	anyOwn: boolean;
};

export const noSessions = (): Sessions => ({
	all: new Map(),
	parents: new Map(),
	anyAddressed: false,
	anyOwn: false,
});

function kindOf(sessions: Sessions, session: Session): SessionKind {
	if (session.parent !== null) return "child";
	if (session.deleted) return "deleted";
	return session.addressed || !sessions.anyAddressed ? "own" : "foreign";
}

/** Sets the kind of each session anew. True when the list of messages has to be made anew. */
function classify(sessions: Sessions): boolean {
	let changed = false;
	let anyOwn = false;
	for (const session of sessions.all.values()) {
		const kind = kindOf(sessions, session);
		changed ||= kind !== session.kind && session.messages.length > 0;
		session.kind = kind;
		anyOwn ||= kind === "own";
	}
	changed ||= anyOwn !== sessions.anyOwn;
	sessions.anyOwn = anyOwn;
	return changed;
}

/** True when messages of this session stand in the conversation's list. */
export const isListed = (sessions: Sessions, session: Session | undefined): boolean =>
	session !== undefined && (session.kind === "own" || !sessions.anyOwn);

const newSession = (id: string, parent: string | null): Session => ({
	id,
	parent,
	kind: "own",
	addressed: false,
	deleted: false,
	status: { type: "unknown", since: 0 },
	queued: 0,
	info: null,
	messages: [],
});

/** Notes that an event belongs to a session. True when the kind of a session known before has changed. */
export function foldSession(sessions: Sessions, event: AgentEvent, at: number): boolean {
	if (event.session === null) return false;
	let session = sessions.all.get(event.session);
	const fresh = session === undefined;
	if (!session) {
		session = newSession(event.session, sessions.parents.get(event.session) ?? null);
		sessions.all.set(event.session, session);
	}
	const { properties } = event;
	const before = `${session.parent} ${session.addressed} ${session.deleted}`;
	session.deleted ||= event.type === "session.deleted";
	session.addressed ||= event.addressed;
	if (event.type.startsWith("session.")) foldSessionEvent(session, event, at);
	// A turn's close of a child names its parent too.
	session.parent ??= event.type === "session.turn.close" ? stringOrNull(properties.parentID) : null;
	const firstAddressed = session.addressed && !sessions.anyAddressed && session.parent === null;
	sessions.anyAddressed ||= firstAddressed;
	if (!fresh && !firstAddressed && before === `${session.parent} ${session.addressed} ${session.deleted}`)
		return false;
	return classify(sessions);
}

function foldSessionEvent(session: Session, event: AgentEvent, at: number): void {
	const { properties, type } = event;
	session.status = foldStatus(session.status, event, at);
	if (type === "session.queue.changed")
		session.queued = Array.isArray(properties.queued)
			? properties.queued.length
			: numberOr(properties.queued, 0);
	if (isRecord(properties.info)) {
		session.info = properties.info;
		session.parent ??= stringOrNull(properties.info.parentID);
	}
}

/** A `task` call names the session it started. True when that session was taken for another kind. */
export function foldTask(sessions: Sessions, parent: string, state: Record<string, unknown>): boolean {
	const child = stringOrNull(record(state.metadata).sessionId);
	if (child === null || child === parent || sessions.parents.has(child)) return false;
	sessions.parents.set(child, parent);
	const known = sessions.all.get(child);
	if (!known || known.parent !== null) return false;
	known.parent = parent;
	return classify(sessions);
}

/** The messages of the agent's own sessions in one list; of all sessions where none is its own. */
export function ownMessages(sessions: Sessions): LiveMessage[] {
	const list: LiveMessage[] = [];
	for (const session of sessions.all.values())
		if (isListed(sessions, session)) for (const message of session.messages) insert(list, message);
	return list;
}

/** True when an end of session `of` also ends `id`: itself, or one of its children, however deep. */
export function covers(sessions: Sessions, id: string, of: string): boolean {
	const seen = new Set<string>();
	for (let at: string | null = id; at !== null && !seen.has(at); at = sessions.all.get(at)?.parent ?? null) {
		if (at === of) return true;
		seen.add(at);
	}
	return false;
}
