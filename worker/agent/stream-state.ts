import { noSignals, type Signals, signalColumns } from "../../shared/conversation/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { HeldPart } from "./redactor.ts";

/** What an AgentDO knows besides its segments. Written once per append, in the append's own transaction. */
export type StreamState = {
	/** The town that made it (STREAM-7), and the agent; null until claimed. */
	town: string | null;
	agent: string | null;
	/** Random id of this stream: positions of another epoch mean nothing here. */
	epoch: string;
	/** Position of the last event, and the mark of its segment. */
	seq: number;
	mark: string;
	/** Oldest event still stored is `horizon`; 1 when none was pruned. */
	horizon: number;
	/** Stored bytes of segments and bodies, and those written since the last pruning. */
	bytes: number;
	unpruned: number;
	/** Last batch of each producer (STREAM-1), the most recent last. */
	producers: { producer: string; seq: number }[];
	/** Text held back by part (FEED-6). */
	held: HeldPart[];
	signals: Signals;
	/** What the town has been told: columns as JSON, position, when. */
	reported: { signals: string; seq: number; at: number };
};

/** A container start is a producer; one that is this old will not send its batch again. */
export const PRODUCERS_KEPT = 32;

const newState = (epoch: string): StreamState => ({
	town: null,
	agent: null,
	epoch,
	seq: 0,
	mark: "",
	horizon: 1,
	bytes: 0,
	unpruned: 0,
	producers: [],
	held: [],
	signals: noSignals(),
	reported: { signals: "", seq: 0, at: 0 },
});

export function loadState(sql: Sql, random: () => string): StreamState {
	const row = sql.one<{ json: string }>("SELECT json FROM stream_state WHERE id = 1");
	if (row) return JSON.parse(row.json) as StreamState;
	const state = newState(random());
	saveState(sql, state);
	return state;
}

export function saveState(sql: Sql, state: StreamState): void {
	sql.run("INSERT OR REPLACE INTO stream_state (id, json) VALUES (1, ?)", JSON.stringify(state));
}

/** The signals as the town is told them, to tell whether they have changed. */
export const signalsText = (state: StreamState): string => JSON.stringify(signalColumns(state.signals));
