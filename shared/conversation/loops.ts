import { record, stringOrNull } from "./event.ts";
import type { Loop, ToolPart } from "./types.ts";

/**
 * Loops that the agents' own guard does not see, since it looks inside one message only (sdk-events.md §5). Bounded and
 * plain JSON, so that AgentDO can keep it through an eviction (STREAM-6).
 */
export type LoopState = {
	/** Hashes of the last calls, oldest first. */
	calls: number[];
	/** `runs[p - 1]`: how many calls in a row equalled the one p before them, and since when. */
	runs: { count: number; since: number }[];
	edits: { file: string; old: number; new: number }[];
	/** Reversals in a row by file. */
	reversals: { file: string; count: number; since: number; callsAgo: number }[];
	current: Loop | null;
};

const LONGEST_PERIOD = 12;
/** Equal calls, rounds of a cycle, or reversals of an edit, that make a loop: the agents' own guard uses 3 too. */
const LEAST = 3;
const EDITS_KEPT = 32;
const FILES_KEPT = 8;
const INPUT_HEAD = 200;

export const noLoops = (): LoopState => ({
	calls: [],
	runs: Array.from({ length: LONGEST_PERIOD }, () => ({ count: 0, since: 0 })),
	edits: [],
	reversals: [],
	current: null,
});

/** FNV-1a, 32 bit, over UTF-16 units: equality of neighbours within a window of 12 needs no more. */
function hash(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}

const textOf = (value: unknown): string =>
	typeof value === "string" ? value : JSON.stringify(value ?? null);

function foldEdit(state: LoopState, part: ToolPart, at: number): void {
	for (const entry of state.reversals) entry.callsAgo++;
	state.reversals = state.reversals.filter((entry) => entry.callsAgo <= LONGEST_PERIOD);
	const input = record(part.state.input);
	const file = stringOrNull(input.filePath);
	if (file === null || !("oldString" in input) || !("newString" in input)) return;
	const edit = { file, old: hash(textOf(input.oldString)), new: hash(textOf(input.newString)) };
	const undoes = state.edits.some(
		(other) =>
			other.file === file && other.old === edit.new && other.new === edit.old && edit.old !== edit.new,
	);
	const before = state.reversals.find((entry) => entry.file === file);
	state.reversals = state.reversals.filter((entry) => entry !== before);
	if (undoes)
		state.reversals.push({ file, count: (before?.count ?? 0) + 1, since: before?.since ?? at, callsAgo: 0 });
	state.reversals = state.reversals.slice(-FILES_KEPT);
	state.edits = [...state.edits, edit].slice(-EDITS_KEPT);
}

function currentLoop(state: LoopState, tool: string, input: string): Loop | null {
	const [equal] = state.runs;
	if (equal && equal.count + 1 >= LEAST)
		return { kind: "equal", tool, input, count: equal.count + 1, since: equal.since };
	const edits = state.reversals.findLast((entry) => entry.count >= LEAST);
	if (edits)
		return { kind: "edits", tool: "edit", input: edits.file, count: edits.count, since: edits.since };
	for (const [index, run] of state.runs.entries()) {
		const period = index + 1;
		const count = Math.floor(run.count / period) + 1;
		if (period > 1 && count >= LEAST) return { kind: "cycle", tool, input, period, count, since: run.since };
	}
	return null;
}

/** Counts one call, the first time that its whole input is known. Work does not depend on history. Changes `state`. */
export function foldCall(state: LoopState, part: ToolPart, at: number): void {
	const input = textOf(part.state.input);
	const call = hash(`${part.tool}\n${input}`);
	for (const [index, run] of state.runs.entries()) {
		if (state.calls.at(-1 - index) !== call) run.count = 0;
		else if (run.count++ === 0) run.since = at;
	}
	state.calls = [...state.calls, call].slice(-LONGEST_PERIOD);
	foldEdit(state, part, at);
	state.current = currentLoop(state, part.tool, input.slice(0, INPUT_HEAD));
}
