import { isStepFinish, isTextPart, isToolPart, type LiveMessage, type Part, sizeOf, type TextPart } from "../../../shared/conversation/index.ts"; // biome-ignore format: a list
import type { Line } from "./line.ts";
import { toolLine } from "./tool-line.ts";

/** Lines of each message, made anew only when that message has changed. */
const made = new WeakMap<LiveMessage, { version: number; lines: Line[] }>();

/** What one message says and does; hidden parts are left to Raw. */
export function messageLines(message: LiveMessage): Line[] {
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
