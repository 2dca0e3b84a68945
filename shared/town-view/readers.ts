import { z } from "zod";
import {
	type Agent, type AgentExit, type AgentSignals, agentExit, agentSignals, type Bead, type TownStateKey,
	type TownStateValue, townStateValues,
} from "../gastown/index.ts"; // biome-ignore format: a list

/** Readers of JSON columns: a value of another shape reads as if there were none, and breaks nothing. */

const strings = z.array(z.string());
const record = z.record(z.string(), z.unknown());

const read = <T, E>(schema: z.ZodType<T>, value: unknown, otherwise: E): T | E => {
	const parsed = schema.safeParse(value);
	return parsed.success ? parsed.data : otherwise;
};

export const labelsOf = (bead: Bead): string[] => read(strings, bead.labels, []);
export const metadataOf = (bead: Bead): Record<string, unknown> => read(record, bead.metadata, {});
export const activeToolsOf = (agent: Agent): string[] => read(strings, agent.active_tools, []);
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
	const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d/.test(text) ? `${text.replace(" ", "T")}Z` : text);
	return Number.isNaN(at) ? null : at;
}
