import { foldErrors, recover } from "./errors.ts";
import { type EventInput, eventOf, isNoise, isRecord, record, stringOrNull } from "./event.ts";
import { foldCall, type LoopState, noLoops } from "./loops.ts";
import { addDelta, dropPart, insert, newMessage, putPart, remove, setInfo } from "./messages.ts";
import { foldPending } from "./pending.ts";
import {
	covers,
	foldSession,
	foldTask,
	isListed,
	noSessions,
	ownMessages,
	type Sessions,
} from "./sessions.ts";
import { foldTurnEnd, foldTurnMessage, noTurns, type Turns } from "./turns.ts";
import {
	type AgentEvent, type ErrorEntry, isStepFinish, isToolPart, type LiveMessage, type Loop, type Message,
	type MessageInfo, type Part, type Pending, type StreamEnd, type Todo, type Totals,
} from "./types.ts"; // biome-ignore format: a list
import { noTotals, replaceUsage, usageOf } from "./usage.ts";

/** Envelope ids remembered, to tell an event that came twice: more than an agent's ring buffer of 2,000. */
const IDS_KEPT = 4_096;
const LOOPS_KEPT = 50;
const ENDS_KEPT = 50;

/**
 * Everything that can be seen of an agent's stream, folded as it comes. The object is changed in place: `version` counts
 * every change, `listVersion` those of which messages there are; each message has its own. Arrays of `pending`, `errors`,
 * `todo` and `loops` are replaced when they change.
 */
export type Conversation = {
	version: number;
	listVersion: number;
	/** Messages of the agent's own sessions in order. Changed in place. */
	messages: LiveMessage[];
	byId: Map<string, LiveMessage>;
	sessions: Sessions;
	pending: readonly Pending[];
	errors: readonly ErrorEntry[];
	todo: readonly Todo[];
	/** What the agent repeats now, or null. */
	loop: Loop | null;
	/** Loops so far, the newest last: each with its last count. */
	loops: readonly Loop[];
	turns: Turns;
	usage: Totals;
	usageByMessage: Map<string, Totals>;
	/** Completed model steps. */
	steps: number;
	lastStepAt: number | null;
	/** How the stream ended, until a session goes on; every end so far stands in `ends`, the newest last. */
	end: StreamEnd | null;
	ends: readonly StreamEnd[];
	/** Last stream position folded; 0 before the first. */
	seq: number;
	/** When the last event was emitted, epoch milliseconds. */
	at: number;
	/** Session that something last happened in, of the agent's own. */
	current: string | null;
	/** Not for readers: what tells duplicates. */
	seen: { ids: Set<string>; loop: LoopState; called: Set<string> };
};

export const createConversation = (): Conversation => ({
	version: 0,
	listVersion: 0,
	messages: [],
	byId: new Map(),
	sessions: noSessions(),
	pending: [],
	errors: [],
	todo: [],
	loop: null,
	loops: [],
	turns: noTurns(),
	usage: noTotals(),
	usageByMessage: new Map(),
	steps: 0,
	lastStepAt: null,
	end: null,
	ends: [],
	seq: 0,
	at: 0,
	current: null,
	seen: { ids: new Set(), loop: noLoops(), called: new Set() },
});

function seenBefore(conversation: Conversation, event: AgentEvent): boolean {
	if (event.seq !== null) {
		if (event.seq <= conversation.seq) return true;
		conversation.seq = event.seq;
	}
	if (event.id === null) return false;
	const { ids } = conversation.seen;
	if (ids.has(event.id)) return true;
	ids.add(event.id);
	if (ids.size > IDS_KEPT) for (const oldest of ids) return !ids.delete(oldest);
	return false;
}

function relist(conversation: Conversation): void {
	conversation.messages = ownMessages(conversation.sessions);
	conversation.listVersion++;
}

function messageOf(conversation: Conversation, id: string, sessionId: string): LiveMessage {
	const known = conversation.byId.get(id);
	if (known) return known;
	const message = newMessage(id, sessionId);
	conversation.byId.set(id, message);
	const session = conversation.sessions.all.get(sessionId);
	if (session) insert(session.messages, message);
	if (isListed(conversation.sessions, session)) {
		insert(conversation.messages, message);
		conversation.listVersion++;
	}
	return message;
}

function foldInfo(conversation: Conversation, info: MessageInfo, at: number): void {
	const message = messageOf(conversation, info.id, info.sessionID);
	if (message.headless) foldTurnMessage(conversation.turns, info, at);
	setInfo(message, info);
	const used = usageOf(info);
	if (!used) return;
	const before = conversation.usageByMessage.get(info.id) ?? null;
	conversation.usage = replaceUsage(conversation.usage, before, used);
	conversation.usageByMessage.set(info.id, used);
}

function foldPart(conversation: Conversation, part: Part, at: number): void {
	const message = messageOf(conversation, part.messageID, part.sessionID);
	const fresh = putPart(message, part);
	if (isToolPart(part)) {
		if (isRecord(part.state) && foldTask(conversation.sessions, part.sessionID, part.state))
			relist(conversation);
		foldLoop(conversation, part, at);
	}
	if (!fresh || !isStepFinish(part)) return;
	conversation.errors = recover(conversation.errors, part.sessionID, at);
	if (conversation.sessions.all.get(part.sessionID)?.kind !== "own") return;
	conversation.steps++;
	conversation.lastStepAt = at;
}

function foldLoop(conversation: Conversation, part: Part, at: number): void {
	const { seen } = conversation;
	if (!isToolPart(part) || part.state.status === "pending" || seen.called.has(part.id)) return;
	if (conversation.sessions.all.get(part.sessionID)?.kind !== "own") return;
	seen.called.add(part.id);
	foldCall(seen.loop, part, at);
	const before = conversation.loop;
	conversation.loop = seen.loop.current;
	const { loop } = conversation;
	if (!loop) return;
	const same = before !== null && before.kind === loop.kind && before.since === loop.since;
	conversation.loops = [...(same ? conversation.loops.slice(0, -1) : conversation.loops), loop].slice(
		-LOOPS_KEPT,
	);
}

function dropMessage(conversation: Conversation, id: string): void {
	const message = conversation.byId.get(id);
	if (!message) return;
	conversation.byId.delete(id);
	const session = conversation.sessions.all.get(message.session);
	if (session) remove(session.messages, id);
	remove(conversation.messages, id);
	conversation.listVersion++;
}

function foldMessageEvent(conversation: Conversation, event: AgentEvent, at: number): void {
	const { properties, session } = event;
	const messageID = stringOrNull(properties.messageID);
	const partID = stringOrNull(properties.partID);
	const message = messageID === null ? undefined : conversation.byId.get(messageID);
	switch (event.type) {
		case "message.updated":
			if (session !== null && typeof record(properties.info).id === "string")
				foldInfo(conversation, { sessionID: session, ...record(properties.info) } as MessageInfo, at);
			return;
		case "message.part.updated":
			if (session !== null && typeof record(properties.part).messageID === "string")
				foldPart(conversation, { sessionID: session, ...record(properties.part) } as Part, at);
			return;
		case "message.part.delta":
			if (message && partID !== null && typeof properties.delta === "string")
				addDelta(message, partID, stringOrNull(properties.field) ?? "text", properties.delta);
			return;
		case "message.removed":
			if (messageID !== null) dropMessage(conversation, messageID);
			return;
		case "message.part.removed":
			if (message && partID !== null) dropPart(message, partID);
	}
}

function timeOf(conversation: Conversation, { at, properties }: AgentEvent): number {
	if (at > 0) return at;
	return typeof properties.time === "number" ? properties.time : conversation.at;
}

/**
 * Folds one event in; false when it was seen before or says nothing. Work does not grow with what is there already.
 * Events must come in the order of the stream: older ones need a new conversation, folded from the start.
 */
export function apply(conversation: Conversation, input: EventInput): boolean {
	const event = eventOf(input);
	if (isNoise(event.type) || seenBefore(conversation, event)) return false;
	const at = timeOf(conversation, event);
	const { sessions } = conversation;
	conversation.at = at;
	conversation.version++;
	if (foldSession(sessions, event, at)) relist(conversation);
	const session = event.session === null ? undefined : sessions.all.get(event.session);
	if (session?.kind === "own") {
		conversation.current = session.id;
		conversation.end = null;
	}
	if (event.type.startsWith("message.")) foldMessageEvent(conversation, event, at);
	else if (event.type === "todo.updated" && Array.isArray(event.properties.todos)) {
		if (session?.kind !== "child") conversation.todo = event.properties.todos as Todo[];
	} else if (event.type === "agent.exited") {
		const reason = stringOrNull(event.properties.reason) ?? "exited";
		conversation.end = { at, seq: event.seq, reason, properties: event.properties };
		conversation.ends = [...conversation.ends, conversation.end].slice(-ENDS_KEPT);
	}
	foldTurnEnd(conversation.turns, event, at);
	conversation.errors = foldErrors(conversation.errors, event, at);
	conversation.pending = foldPending(conversation.pending, event, at, (id, of) => covers(sessions, id, of));
	return true;
}

/**
 * The messages that a stream tells of, in the shape and order of the agent server's own answer (`GET
 * /session/:id/message`). Without `session` those of the agent's own sessions together; with it those of one session,
 * which may be a child. What lost its beginning has an `info` of only its id (STREAM-5).
 */
export function conversationOf(events: Iterable<EventInput>, session?: string): Message[] {
	const conversation = createConversation();
	for (const event of events) apply(conversation, event);
	const messages =
		session === undefined ? conversation.messages : (conversation.sessions.all.get(session)?.messages ?? []);
	return messages.map(({ info, parts }) => ({ info, parts }));
}
