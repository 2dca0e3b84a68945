import { type AgentEvent, eventOf, isRecord } from "../../shared/conversation/index.ts";
import { flushHeld, type Held, pushDelta, redactDeep, redactOpen } from "../../shared/redaction/index.ts";
import type { IngestEvent } from "../rpc.ts";

/** A part that streams, with the end of its text that is not shown yet, since it may become a token. */
export type HeldPart = { session: string | null; message: string; part: string; held: Held };

/** Parts that stream at once are few; the text of one beyond that is shown with its closing snapshot. */
const PARTS_HELD = 64;

/**
 * The events of a batch without secrets (FEED-6), in order. `held` is what the batches before held back; it is changed.
 * Where a session ends with text still held, that text comes as a delta of its own before the event that ends it.
 */
export function redactEvents(held: HeldPart[], events: readonly IngestEvent[]): IngestEvent[] {
	const out: IngestEvent[] = [];
	for (const event of events) {
		const read = eventOf(event);
		if (held.length > 0 && ends(read)) out.push(...flushSession(held, read.session, event.at));
		out.push({ ...event, properties: redactProperties(held, read, event.properties) });
	}
	return out;
}

function redactProperties(
	held: HeldPart[],
	{ type, properties, session }: AgentEvent,
	raw: unknown,
): unknown {
	if (type === "message.part.delta") return redactDelta(held, properties);
	const { part } = properties;
	if (type === "message.part.removed") forget(held, properties.partID);
	if (type !== "message.part.updated" || !isRecord(part)) return redactDeep(raw);
	// The first SDK sends the newest piece of the text beside its snapshot: a token could be put together from them.
	const { delta: _, ...snapshot } = properties;
	const clean = redactDeep("delta" in properties ? snapshot : properties) as {
		part: Record<string, unknown>;
	};
	if (part.type === "tool") return openOutput(clean, part.state);
	forget(held, part.id);
	return openText(held, session, part, clean);
}

/** A text that goes on streaming is remembered from its opening snapshot; what a user wrote has no time and is whole. */
function openText(
	held: HeldPart[],
	session: string | null,
	{ id, messageID, time, text }: Record<string, unknown>,
	clean: { part: Record<string, unknown> },
): unknown {
	if (typeof id !== "string" || typeof messageID !== "string" || typeof text !== "string") return clean;
	if (isRecord(time) ? time.end !== undefined : text !== "") return clean;
	const [shown, rest] = pushDelta("", text);
	held.push({ session, message: messageID, part: id, held: rest });
	// Forgotten, its deltas are no longer shown: never without what came before them.
	if (held.length > PARTS_HELD) held.shift();
	return { ...clean, part: { ...clean.part, text: shown } };
}

/** A running command sends all of its output so far, cut anywhere. */
function openOutput(clean: { part: Record<string, unknown> }, state: unknown): unknown {
	if (!isRecord(state) || state.status !== "running" || !isRecord(state.metadata)) return clean;
	const { output } = state.metadata;
	if (typeof output !== "string" || !isRecord(clean.part.state)) return clean;
	const metadata = { ...(clean.part.state.metadata as object), output: redactOpen(output) };
	return { ...clean, part: { ...clean.part, state: { ...clean.part.state, metadata } } };
}

/**
 * A delta of a part whose opening was not seen, or was forgotten, shows nothing: no fold could use it before the closing
 * snapshot, and it may go on with a token. It stays as an event without text.
 */
function redactDelta(held: HeldPart[], properties: Record<string, unknown>): unknown {
	const { partID, field = "text", delta } = properties;
	if (typeof delta !== "string") return redactDeep(properties);
	const entry = field === "text" ? held.find(({ part }) => part === partID) : undefined;
	if (!entry) return { ...properties, delta: "" };
	const [shown, next] = pushDelta(entry.held, delta);
	entry.held = next;
	return { ...properties, delta: shown };
}

function forget(held: HeldPart[], part: unknown): void {
	for (let index = held.length - 1; index >= 0; index--)
		if (held[index]?.part === part) held.splice(index, 1);
}

const ends = ({ type, properties }: AgentEvent): boolean =>
	type === "agent.exited" ||
	type === "session.idle" ||
	type === "session.error" ||
	(type === "session.status" && isRecord(properties.status) && properties.status.type === "idle");

/** A part that is never closed (an abort, a stream cut off) shows its last word when its session stops. */
function flushSession(held: HeldPart[], session: string | null, at: number): IngestEvent[] {
	const flushed = held.filter((entry) => session === null || entry.session === session);
	for (const entry of flushed) forget(held, entry.part);
	return flushed
		.filter((entry) => entry.held)
		.map(({ session: sessionID, message: messageID, part: partID, held: text }) => ({
			at,
			id: null,
			type: "message.part.delta",
			properties: { sessionID, messageID, partID, field: "text", delta: flushHeld(text) },
		}));
}
