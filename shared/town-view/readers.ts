import type { z } from "zod";
import {
	type Agent, type AgentExit, type AgentSignals, agentExit, agentSignals, type Bead, type FailureReason, type TownStateKey,
	type TownStateValue, townStateValues,
} from "../gastown/index.ts"; // biome-ignore format: a list

/** Readers of JSON columns: a value of another shape reads as if there were none, and breaks nothing. */

const read = <T, E>(schema: z.ZodType<T>, value: unknown, otherwise: E): T | E => {
	const parsed = schema.safeParse(value);
	return parsed.success ? parsed.data : otherwise;
};

// Read for every bead of a town many times a second: checked by hand, not by a schema.
const stringsOf = (value: unknown): string[] =>
	Array.isArray(value) && value.every((one) => typeof one === "string") ? value : [];

export const labelsOf = (bead: Bead): string[] => stringsOf(bead.labels);
export const activeToolsOf = (agent: Agent): string[] => stringsOf(agent.active_tools);
export function metadataOf(bead: Bead): Record<string, unknown> {
	const value: unknown = bead.metadata;
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {};
}
/** Why a bead failed; null where nothing says it. */
export function failureOf(bead: Bead): FailureReason | null {
	const reason = metadataOf(bead).failure_reason;
	if (typeof reason !== "object" || reason === null) return null;
	const { code, message, source } = reason as Partial<FailureReason>;
	return typeof code === "string" && typeof message === "string"
		? { code, message, source: typeof source === "string" ? source : "" }
		: null;
}
export const lastExitOf = (agent: Agent): AgentExit | null =>
	read(agentExit.nullable(), agent.last_exit, null);

type Signal = "last_error" | "equal_calls" | "pending_permission" | "retry";
export const signalOf = <S extends Signal>(
	signals: AgentSignals | undefined,
	name: S,
): AgentSignals[S] | null =>
	signals ? read(agentSignals.columns[name].schema as z.ZodType<AgentSignals[S]>, signals[name], null) : null;

/** A value of `town_state`; undefined where there is none or where it has another shape. */
export const townStateValue = <K extends TownStateKey>(
	key: K,
	value: unknown,
): TownStateValue<K> | undefined =>
	read(townStateValues[key] as unknown as z.ZodType<TownStateValue<K>>, value, undefined);

/** Epoch milliseconds of a column. SQLite's own `datetime('now')`, without a zone, is UTC (domain.md §1.3). */
export function timeOf(text: string | null | undefined): number | null {
	if (!text) return null;
	const known = parsed.get(text);
	if (known !== undefined) return known;
	const at = Date.parse(text[10] === " " ? `${text.replace(" ", "T")}Z` : text);
	const time = Number.isNaN(at) ? null : at;
	if (parsed.size >= PARSED_MOST) parsed.clear();
	parsed.set(text, time);
	return time;
}
// The same rows are read many times a second; parsing their times took a tenth of every look.
const parsed = new Map<string, number | null>();
const PARSED_MOST = 20_000;
