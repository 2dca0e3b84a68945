import type { AgentEvent } from "./types.ts";

type Raw = { type: string; id?: string | null; properties?: unknown; at?: number; seq?: number };
type Tuple = readonly [seq: number, at: number, id: string | null, type: string, properties: unknown];
/** An event as recorded from an agent server, or as a tuple of an agent's stream (shared/protocol/down/stream.ts). */
export type EventInput = Raw | Tuple;

const isTuple = (input: EventInput): input is Tuple => Array.isArray(input);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);
export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
export const stringOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const numberOr = (value: unknown, otherwise: number): number =>
	typeof value === "number" && Number.isFinite(value) ? value : otherwise;

/** Names that older generations used for the same event (domain.md §1.7). */
const SPELLINGS: Record<string, string> = {
	"message_part.updated": "message.part.updated",
	"message_part.removed": "message.part.removed",
	"message_part.delta": "message.part.delta",
	"message.created": "message.updated",
	"message.completed": "message.updated",
	"assistant.completed": "message.updated",
	"permission.updated": "permission.asked",
};

const NOISE = new Set(["sync", "server.heartbeat", "plugin.added", "catalog.updated", "reference.updated"]);
/**
 * True for what says nothing about a conversation: `sync` twins, heartbeats and the burst of a booting server. Never
 * stored (STREAM-1), ignored where met.
 */
export const isNoise = (type: string): boolean =>
	NOISE.has(type) || type.startsWith("integration.") || type.startsWith("indexing.");

/** Any event in one shape: 7.0.33 nests the session id, opencode and kilo 7.7.7 have it on top. */
export function eventOf(input: EventInput): AgentEvent {
	const [seq, at, id, type, raw] = isTuple(input)
		? input
		: [input.seq ?? null, input.at ?? 0, input.id ?? null, input.type, input.properties];
	const properties = record(raw);
	const spelled = SPELLINGS[type] ?? type;
	const top = stringOrNull(properties.sessionID);
	const info = record(properties.info);
	const nested =
		stringOrNull(info.sessionID) ??
		stringOrNull(record(properties.part).sessionID) ??
		(spelled.startsWith("session.") ? stringOrNull(info.id) : null);
	return { seq, at, id, type: spelled, session: top ?? nested, addressed: top !== null, properties };
}
