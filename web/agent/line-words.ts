import type { Loop, Pending } from "../../shared/conversation/index.ts";
import { clockTime, duration, type Look, look, money, short, toolLook } from "../ui/index.ts";
import type { Line, ToolLine } from "./lines/line.ts";
import type { LoopMark } from "./tool-calls.ts";

/** The result of a tool call: `completed` with another exit than 0 has failed (design-ui §7). */
export function toolLookOf({ outcome, part }: ToolLine): Look {
	switch (outcome.kind) {
		case "success":
			return outcome.exit === null ? toolLook("completed") : look("done", `exit ${outcome.exit}`, "good");
		case "failure": {
			if (outcome.exit !== null) return look("failed", `exit ${outcome.exit}`, "bad");
			if (/timed? ?out|timeout/i.test(outcome.reason)) return toolLook("timed_out");
			return part.state.status === "error" ? toolLook("error") : look("failed", "Failed", "bad");
		}
		case "aborted":
			return toolLook("aborted");
		case "rejected":
			return look("refused", "Permission rejected", "warn");
		default:
			return toolLook(outcome.kind);
	}
}

export function stepWords(line: Extract<Line, { kind: "step" }>): string {
	const { tokens, cost } = line.part;
	return [
		line.n === null ? "step" : `step ${line.n}`,
		tokens
			? `${short(tokens.input)} in, ${short(tokens.output + tokens.reasoning)} out, ${short(tokens.cache.read)} cached`
			: null,
		cost === undefined ? null : money(cost),
		line.ms === null ? null : duration(line.ms),
	]
		.filter(Boolean)
		.join(" · ");
}

function loopWords(loop: Loop): string {
	const since = `since ${clockTime(loop.since)}`;
	if (loop.kind === "equal") return `Loop: the same ${loop.tool}, ${loop.count} times ${since}`;
	if (loop.kind === "edits") return `Loop: edits that undo each other, ${loop.count} times ${since}`;
	return `Loop: the same ${loop.period} calls, ${loop.count} times over ${since}`;
}

/**
 * The same of a call that runs, where the stream has ended since (`ends`, epoch milliseconds): nobody saw how it ended, and the
 * end of its process was not its own.
 */
export function toolLookAfter(line: ToolLine, ends: readonly number[]): Look {
	const end = line.outcome.kind === "running" ? ends.find((at) => at >= (line.at ?? 0)) : undefined;
	return end === undefined ? toolLookOf(line) : look("unknown", `Unknown since ${clockTime(end)}`, "warn");
}

/** A call that belongs to a loop: which of its calls it is. */
export const repeatLook = ({ kind, n, of }: LoopMark): Look =>
	look("warning", `${kind === "edits" ? "Undone" : "Loop"} ${n} of ${of}`, "warn");

export function pendingWords(pending: Pending): string {
	return [pending.permission, ...pending.patterns].join(" ");
}

/** Sign and words of a line that is an event rather than a part. */
export function eventLook(line: Line): Look {
	switch (line.kind) {
		case "loop":
			return look("warning", loopWords(line.loop), "warn");
		case "pending":
			return look(
				"waiting",
				line.pending.kind === "permission"
					? `Needs permission: ${line.pending.permission}`
					: `Asks: ${line.pending.permission}`,
				"warn",
			);
		case "error": {
			const { error } = line;
			if (error.aborted) return look("gone", "Aborted", "quiet");
			const times = error.count > 1 ? ` (×${error.count} until ${clockTime(error.lastAt)})` : "";
			const after = error.recoveredAt === null ? "" : `, recovered at ${clockTime(error.recoveredAt)}`;
			return look(
				"failed",
				`Session error${error.status === null ? "" : ` ${error.status}`}, ${error.name}${times}${after}`,
				"bad",
			);
		}
		case "message-error":
			return look("failed", `Turn ended by ${line.name}`, "bad");
		case "status":
			if (line.status.type === "retry")
				return look(
					"changing",
					`Model is retried, attempt ${line.status.attempt}${line.status.next === null ? "" : `, next at ${clockTime(line.status.next)}`}: ${line.status.message}`,
					"warn",
				);
			if (line.status.type === "offline")
				return look(
					"unseen",
					`Model out of reach since ${clockTime(line.status.since)}, waits without limit: ${line.status.message}`,
					"warn",
				);
			return look("unknown", line.status.name, "warn");
		case "end": {
			const { exit_code: code, signal } = line.end.properties as { exit_code?: unknown; signal?: unknown };
			const how = [
				typeof code === "number" ? `exit ${code}` : null,
				typeof signal === "string" ? signal : null,
			].filter(Boolean);
			return look(
				line.end.reason === "completed" ? "done" : "failed",
				`Stream ended: ${line.end.reason}${how.length > 0 ? `, ${how.join(", ")}` : ""}`,
				line.end.reason === "completed" ? "quiet" : "bad",
			);
		}
		case "other":
			return look("open", line.type, "quiet");
		default:
			return look("open", line.kind, "quiet");
	}
}
