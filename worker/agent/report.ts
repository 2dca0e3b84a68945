import { signalColumns } from "../../shared/conversation/index.ts";
import type { AgentReport } from "../rpc.ts";
import type { AgentStream } from "./stream.ts";
import { signalsText } from "./stream-state.ts";
import { usageAfter } from "./usage.ts";

/**
 * What the town has not been told yet (STREAM-4, STREAM-6), or null. `text` is to be given back with `reported` when it has
 * arrived.
 */
export function reportOf(stream: AgentStream, now: number): { report: AgentReport; text: string } | null {
	const { state, sql } = stream;
	if (state.agent === null || state.town === null) return null;
	const columns = signalColumns(state.signals);
	const text = signalsText(state);
	const usage = usageAfter(sql, state.reported.seq, state.agent, new Date(now).toISOString());
	if (text === state.reported.signals && usage.length === 0) return null;
	const signals = { agent_id: state.agent, ...columns, stream_seq: state.seq };
	return { report: { agent: state.agent, signals, usage }, text };
}
