import type { Conversation } from "./conversation.ts";
import { type EventInput, eventOf, record, stringOrNull } from "./event.ts";
import type { LiveMessage } from "./types.ts";

/** Id of the message that an event is about, or null. */
function messageOf(input: EventInput): string | null {
	const { type, properties } = eventOf(input);
	if (!type.startsWith("message.")) return null;
	return (
		stringOrNull(properties.messageID) ??
		stringOrNull(record(properties.part).messageID) ??
		stringOrNull(record(properties.info).id)
	);
}

/**
 * Lets go of the messages, errors, loops and turns that only stand in events before those of `kept`. Sums and the state
 * of now stay. To be called when the oldest events of a long stream are let go, so that both are of one length.
 */
export function forget(conversation: Conversation, kept: readonly EventInput[]): void {
	const [first] = kept;
	if (!first) return;
	const named = new Set(kept.map(messageOf));
	const stays = (message: LiveMessage) => named.has(message.id);
	for (const message of conversation.byId.values()) {
		if (stays(message)) continue;
		conversation.byId.delete(message.id);
		conversation.usageByMessage.delete(message.id);
		for (const { id } of message.parts) conversation.seen.called.delete(id);
	}
	for (const session of conversation.sessions.all.values()) session.messages = session.messages.filter(stays);
	conversation.messages = conversation.messages.filter(stays);
	const since = eventOf(first).at;
	conversation.errors = conversation.errors.filter((error) => error.lastAt >= since);
	conversation.loops = conversation.loops.filter((loop) => loop.since >= since || loop === conversation.loop);
	conversation.ends = conversation.ends.filter((end) => end.at >= since);
	const { turns } = conversation;
	const current = new Set(turns.current.values());
	turns.all = turns.all.filter((turn) => current.has(turn) || turn.startedAt >= since);
	turns.byId = new Map(turns.all.map((turn) => [turn.id, turn]));
	conversation.version++;
	conversation.listVersion++;
}
