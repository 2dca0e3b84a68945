import type { Conversation, LiveMessage, StreamEnd } from "../../../shared/conversation/index.ts";
import type { Line, ToolLine } from "./line.ts";
import { messageLines } from "./message-lines.ts";

/** Three or more reads in a row are one line. */
const READS_FOLDED = 3;

/** Where the making of lines stood after a message: from there it goes on when a later one has changed. */
type Mark = {
	message: LiveMessage;
	version: number;
	/** Extras, steps, finished lines, and reads that wait for their row to end, so far. */
	extras: number;
	steps: number;
	lines: number;
	run: Line[];
	runLength: number;
};

/**
 * Lines of one conversation again and again: only those from the first message that has changed are made anew, the
 * others stay the same objects. What is given is what `linesOf` gives.
 */
export function lineReader(): (conversation: Conversation, whole?: boolean) => Line[] {
	let marks: Mark[] = [];
	const lines: Line[] = [];
	let extras: Line[] = [];
	let from: readonly unknown[] = [];
	let last: { version: number; lines: Line[] } | null = null;

	/** How many messages stand as they were. */
	const unchanged = (messages: readonly LiveMessage[]): number => {
		let n = 0;
		for (; n < marks.length; n++) {
			const mark = marks[n] as Mark;
			if (mark.message !== messages[n] || mark.version !== mark.message.version) break;
		}
		return n;
	};

	return (conversation, whole = true) => {
		const { messages, errors, loops, ends, end, version } = conversation;
		const now = [conversation, whole, errors, loops, ends, end];
		if (!now.every((one, at) => one === from[at])) {
			from = now;
			extras = extrasOf(conversation);
			marks = [];
			last = null;
		}
		if (last?.version === version) return last.lines;
		marks.length = unchanged(messages);
		const mark = marks.at(-1);
		lines.length = mark?.lines ?? 0;
		let run = mark?.run.slice(0, mark.runLength) ?? [];
		let next = mark?.extras ?? 0;
		let steps = mark?.steps ?? 0;
		const add = (line: Line) => {
			if (goesOn(line, run)) run.push(line);
			else {
				lines.push(...foldedReads(run), line);
				run = [];
			}
		};
		for (const message of messages.slice(marks.length)) {
			const began = message.info.time?.created ?? null;
			for (
				let extra = extras[next];
				extra && began !== null && (extra.at ?? 0) < began;
				extra = extras[next]
			) {
				add(extra);
				next++;
			}
			for (const line of messageLines(message))
				add(whole && line.kind === "step" ? { ...line, n: ++steps } : line);
			marks.push({
				message,
				version: message.version,
				extras: next,
				steps,
				lines: lines.length,
				run,
				runLength: run.length,
			});
		}
		last = {
			version,
			lines: [...lines, ...foldedReads(run), ...extras.slice(next), ...lastLines(conversation)],
		};
		return last.lines;
	};
}

/**
 * The conversation as lines, in the order of its messages. What belongs to no message (errors of the session, loops)
 * stands where its time puts it; what is pending, a retry and the end of the stream stand last; earlier ends where they happened.
 * Steps are counted only where the `whole` stream is here.
 */
export const linesOf = (conversation: Conversation, whole = true): Line[] =>
	lineReader()(conversation, whole);

function extrasOf(conversation: Conversation): Line[] {
	return [
		...conversation.errors.map(
			(error): Line => ({
				key: `error-${error.firstAt}-${error.name}`,
				at: error.firstAt,
				failed: !error.aborted,
				kind: "error",
				error,
			}),
		),
		...conversation.loops.map(
			(loop): Line => ({
				key: `loop-${loop.since}-${loop.kind}`,
				at: loop.since,
				failed: true,
				kind: "loop",
				loop,
			}),
		),
		// Earlier ends stay in their place; the one that still holds stands last.
		...conversation.ends.filter((end) => end !== conversation.end).map(endLine),
	].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

function lastLines(conversation: Conversation): Line[] {
	const lines: Line[] = conversation.pending.map((pending) => ({
		key: `pending-${pending.id}`,
		at: pending.since,
		failed: false,
		kind: "pending",
		pending,
	}));
	const status = conversation.sessions.all.get(conversation.current ?? "")?.status;
	if (
		!conversation.end &&
		status &&
		(status.type === "retry" || status.type === "offline" || status.type === "other")
	)
		lines.push({ key: "status", at: status.since, failed: status.type !== "other", kind: "status", status });
	if (conversation.end) lines.push(endLine(conversation.end));
	return lines;
}

const endLine = (end: StreamEnd): Line => ({
	key: `end-${end.at}`,
	at: end.at,
	failed: end.reason !== "completed",
	kind: "end",
	end,
});

/** True for a successful read, and for a step between reads. */
const goesOn = (line: Line, run: readonly Line[]): boolean =>
	(line.kind === "tool" && line.shape === "read" && line.outcome.kind === "success") ||
	(line.kind === "step" && run.length > 0);

/** Three or more successful reads in a row become one line; steps between them go with it. */
function foldedReads(run: Line[]): Line[] {
	const tools = run.filter((line): line is ToolLine => line.kind === "tool");
	const [first] = tools;
	if (tools.length < READS_FOLDED || !first) return run;
	const trailing = run.slice(run.findLastIndex((line) => line.kind === "tool") + 1);
	return [{ key: `reads-${first.key}`, at: first.at, failed: false, kind: "reads", tools }, ...trailing];
}
