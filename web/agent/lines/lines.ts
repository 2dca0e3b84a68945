import {
	type Conversation, headOf, isStepFinish, isTextPart, isToolPart, type LiveMessage, type Part, type StreamEnd, sizeOf, type TextPart,
} from "../../../shared/conversation/index.ts"; // biome-ignore format: a list
import type { Line, ToolLine } from "./line.ts";
import { toolLine } from "./tool-line.ts";

/** Three or more reads in a row are one line. */
const READS_FOLDED = 3;

/** Lines of each message, made anew only when that message has changed. */
const made = new WeakMap<LiveMessage, { version: number; lines: Line[] }>();

/**
 * The conversation as lines, in the order of its messages. What belongs to no message (errors of the session, loops)
 * stands where its time puts it; what is pending, a retry and the end of the stream stand last; earlier ends where they happened.
 * Steps are counted only where the `whole` stream is here.
 */
export function linesOf(conversation: Conversation, whole = true): Line[] {
	const extras: Line[] = [
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
	const lines: Line[] = [];
	let next = 0;
	let step = 0;
	for (const message of conversation.messages) {
		const began = message.info.time?.created ?? null;
		for (let extra = extras[next]; extra && began !== null && (extra.at ?? 0) < began; extra = extras[next]) {
			lines.push(extra);
			next++;
		}
		for (const line of messageLines(message))
			lines.push(whole && line.kind === "step" ? { ...line, n: ++step } : line);
	}
	lines.push(...extras.slice(next));
	return [...foldReads(lines), ...lastLines(conversation)];
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

function messageLines(message: LiveMessage): Line[] {
	const known = made.get(message);
	if (known && known.version === message.version) return known.lines;
	const lines = message.info.role === "user" ? userLines(message) : assistantLines(message);
	made.set(message, { version: message.version, lines });
	return lines;
}

const hidden = (part: TextPart) =>
	part.synthetic === true || part.ignored === true || part.metadata?.["kilocode.lifecycle"] === "transient";

function userLines(message: LiveMessage): Line[] {
	const at = message.info.time?.created ?? null;
	const lines: Line[] = [];
	const text = message.parts.filter(isTextPart).filter((part) => !hidden(part));
	if (text.length > 0)
		lines.push({
			key: message.id,
			at,
			failed: false,
			kind: "prompt",
			text: text.map((part) => part.text),
			from: typeof message.info.source === "string" ? message.info.source : "",
		});
	for (const part of message.parts)
		if (part.type === "compaction")
			lines.push({
				key: part.id,
				at,
				failed: false,
				kind: "compaction",
				auto: "auto" in part && part.auto === true,
			});
	return lines;
}

function assistantLines(message: LiveMessage): Line[] {
	const { info } = message;
	const lines: Line[] = message.headless
		? [{ key: `${message.id}-head`, at: info.time?.created ?? null, failed: false, kind: "headless" }]
		: [];
	for (const part of message.parts) {
		const line = partLine(part, message);
		if (line) lines.push(line);
	}
	if (info.error && info.error.name !== "MessageAbortedError")
		lines.push({
			key: `${message.id}-error`,
			at: info.time?.completed ?? info.time?.created ?? null,
			failed: true,
			kind: "message-error",
			name: info.error.name,
			message: info.error.data?.message ?? info.error.name,
		});
	return lines;
}

const SILENT = new Set(["step-start", "patch", "snapshot"]);

function partLine(part: Part, message: LiveMessage): Line | null {
	const at = message.info.time?.created ?? null;
	if (isToolPart(part)) return toolLine(part);
	if (isTextPart(part)) {
		if (hidden(part) || (sizeOf(part.text) === 0 && part.time?.end !== undefined)) return null;
		const open = part.time?.end === undefined && message.info.time?.completed === undefined;
		return { key: part.id, at: part.time?.start ?? at, failed: false, kind: part.type, part, open };
	}
	if (isStepFinish(part)) {
		const end = message.info.time?.completed;
		const ms = end !== undefined && at !== null ? end - at : null;
		return { key: part.id, at: end ?? at, failed: false, kind: "step", part, n: null, ms };
	}
	return SILENT.has(part.type)
		? null
		: { key: part.id, at, failed: false, kind: "other", type: part.type, value: part };
}

/** Three or more successful reads in a row become one line; steps between them go with it. */
function foldReads(lines: Line[]): Line[] {
	const out: Line[] = [];
	let run: Line[] = [];
	const flush = () => {
		const tools = run.filter((line): line is ToolLine => line.kind === "tool");
		const last = run.at(-1);
		const trailing = run.slice(run.findLastIndex((line) => line.kind === "tool") + 1);
		const [first] = tools;
		if (tools.length >= READS_FOLDED && first && last)
			out.push({ key: `reads-${first.key}`, at: first.at, failed: false, kind: "reads", tools }, ...trailing);
		else out.push(...run);
		run = [];
	};
	for (const line of lines) {
		const read = line.kind === "tool" && line.shape === "read" && line.outcome.kind === "success";
		if (read || (line.kind === "step" && run.length > 0)) run.push(line);
		else {
			flush();
			out.push(line);
		}
	}
	flush();
	return out;
}

/** Text of a line, for search. */
export function textOf(line: Line): string {
	switch (line.kind) {
		case "prompt":
			return line.text.map(headOf).join("\n");
		case "text":
		case "reasoning":
			return headOf(line.part.text);
		case "tool":
			return `${line.name} ${line.subject} ${headOf(line.part.state.output)} ${headOf(line.part.state.error)}`;
		case "reads":
			return line.tools.map(textOf).join("\n");
		case "error":
			return `${line.error.name} ${line.error.message}`;
		case "message-error":
			return `${line.name} ${line.message}`;
		case "loop":
			return `${line.loop.tool} ${line.loop.input}`;
		case "pending":
			return `${line.pending.permission} ${line.pending.patterns.join(" ")}`;
		case "status":
			return "message" in line.status ? line.status.message : "";
		case "end":
			return line.end.reason;
		default:
			return line.kind;
	}
}
