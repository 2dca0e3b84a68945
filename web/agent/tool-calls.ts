import { type Conversation, foldCall, isToolPart, type Loop, noLoops, type ToolPart } from "../../shared/conversation/index.ts"; // biome-ignore format: one list
import type { ToolLine } from "./lines/line.ts";
import { toolLine } from "./lines/tool-line.ts";

/** Which of how many calls of a loop a call is, from 1. */
export type LoopMark = { kind: Loop["kind"]; n: number; of: number };

const partsOf = ({ messages }: Pick<Conversation, "messages">): ToolPart[] =>
	messages.flatMap(({ parts }) => parts.filter(isToolPart));

const lines = new WeakMap<ToolPart, ToolLine>();
/** A part is replaced when it changes, never changed: its line is made once. */
function lineOf(part: ToolPart): ToolLine {
	const known = lines.get(part);
	if (known) return known;
	const line = toolLine(part);
	lines.set(part, line);
	return line;
}

/** Every call of an agent's own sessions, oldest first. */
export const toolCalls = (conversation: Pick<Conversation, "messages">): ToolLine[] =>
	partsOf(conversation).map(lineOf);

/** The calls that an agent repeats, by the id of their part; the first ones of a loop count as well as those that told it. */
export function loopMarks(conversation: Pick<Conversation, "messages">): ReadonlyMap<string, LoopMark> {
	const state = noLoops();
	const called = partsOf(conversation).filter(({ state: { status } }) => status !== "pending");
	const loops = new Map<string, { kind: Loop["kind"]; members: Set<number> }>();
	const files = new Map<string, number[]>();
	called.forEach((part, n) => {
		const file = fileOf(part);
		if (file !== null) files.set(file, [...(files.get(file) ?? []), n]);
		// The loop of a moment is told apart by when it began: the number of the call will do for a time.
		foldCall(state, part, n);
		const { current } = state;
		if (!current) return;
		const key = `${current.kind} ${current.since}`;
		const known = loops.get(key);
		const loop = known ?? { kind: current.kind, members: new Set<number>() };
		loops.set(key, loop);
		// What made it a loop is looked for once; then it grows by each call.
		for (const member of known ? [n] : membersOf(current, n, files)) loop.members.add(member);
	});
	const marks = new Map<string, LoopMark>();
	for (const { kind, members } of loops.values())
		[...members]
			.sort((a, b) => a - b)
			.forEach((member, at, all) => {
				const id = called[member]?.id;
				if (id !== undefined) marks.set(id, { kind, n: at + 1, of: all.length });
			});
	return marks;
}

/** Numbers of the calls that make a loop, the newest being `n`. */
function membersOf(loop: Loop, n: number, files: ReadonlyMap<string, number[]>): number[] {
	// A reversal needs the edit before it, too.
	if (loop.kind === "edits") return files.get(loop.input)?.slice(-(loop.count + 1)) ?? [n];
	const many = loop.kind === "equal" ? loop.count : loop.count * loop.period;
	return Array.from({ length: Math.min(many, n + 1) }, (_, back) => n - back);
}

function fileOf({ state: { input } }: ToolPart): string | null {
	const file = typeof input === "object" && "filePath" in input ? input.filePath : null;
	return typeof file === "string" ? file : null;
}
