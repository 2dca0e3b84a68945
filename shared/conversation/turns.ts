import { record, stringOrNull } from "./event.ts";
import type { AgentEvent, MessageInfo, Turn } from "./types.ts";

/** Turns in the order in which they began; `current` is the one that answers now, by session. */
export type Turns = { all: Turn[]; byId: Map<string, Turn>; current: Map<string, Turn> };

export const noTurns = (): Turns => ({ all: [], byId: new Map(), current: new Map() });

function turnOf(turns: Turns, id: string, session: string, at: number): Turn {
	const known = turns.byId.get(id);
	if (known) return known;
	const turn: Turn = { id, session, messages: [], startedAt: at, endedAt: null, reason: null };
	turns.all.push(turn);
	turns.byId.set(id, turn);
	return turn;
}

/** A message seen for the first time: a user message opens a turn, an assistant message belongs to its parent's. */
export function foldTurnMessage(turns: Turns, info: MessageInfo, at: number): void {
	const startedAt = info.time?.created ?? at;
	if (info.role === "user") {
		turnOf(turns, info.id, info.sessionID, startedAt);
		return;
	}
	if (info.parentID === undefined) return;
	const turn = turnOf(turns, info.parentID, info.sessionID, startedAt);
	turn.messages.push(info.id);
	turn.endedAt = null;
	turn.reason = null;
	turns.current.set(info.sessionID, turn);
}

/** A turn closes by kilo's `session.turn.close`, or by going idle where there is no such event. */
export function foldTurnEnd(turns: Turns, event: AgentEvent, at: number): void {
	const turn = event.session === null ? undefined : turns.current.get(event.session);
	if (!turn) return;
	const idle =
		event.type === "session.idle" ||
		(event.type === "session.status" && record(event.properties.status).type === "idle");
	if (event.type === "session.turn.close") turn.reason = stringOrNull(event.properties.reason) ?? "closed";
	else if (idle) turn.reason ??= "idle";
	else return;
	turn.endedAt ??= at;
}
