import {
	conversationOf,
	headOf,
	isTextPart,
	isToolPart,
	type Part,
	toolOutcome,
} from "../../shared/conversation/index.ts";
import type { StreamEvent } from "../../shared/protocol/index.ts";

/** A line of a conversation: who or which tool, how it went, and what it said. `at` is epoch milliseconds, null where unknown. */
export type SaidLine = { at: number | null; who: string; outcome: string; text: string };

const OUTCOME = {
	pending: "pending",
	running: "runs",
	success: "succeeded",
	failure: "failed",
	aborted: "aborted",
	rejected: "permission rejected",
};

/** A stretch of a stream as lines, as its agent server would tell it. */
export function saidLines(events: readonly StreamEvent[]): SaidLine[] {
	return conversationOf(events).flatMap(({ info, parts }) => {
		const at = info.time?.created ?? null;
		const said = parts.flatMap((part) => lineOf(part, info.role ?? "unknown", at));
		const failed = info.error
			? [{ at, who: info.role ?? "unknown", outcome: info.error.name, text: info.error.data?.message ?? "" }]
			: [];
		return [...said, ...failed];
	});
}

function lineOf(part: Part, role: string, at: number | null): SaidLine[] {
	if (isTextPart(part)) {
		const text = headOf(part.text);
		const who = part.type === "reasoning" ? `${role}, thinking` : role;
		return text === "" ? [] : [{ at: part.time?.start ?? at, who, outcome: "", text }];
	}
	if (!isToolPart(part)) return [];
	const { state, tool } = part;
	const outcome = toolOutcome(part);
	const input = state.input === undefined ? "" : headOf(state.input) || JSON.stringify(state.input);
	const output = headOf(state.output) || ("reason" in outcome ? outcome.reason : "");
	return [
		{
			at: state.time?.start ?? at,
			who: tool,
			outcome: "exit" in outcome && outcome.exit !== null ? `exit ${outcome.exit}` : OUTCOME[outcome.kind],
			text: [state.title, input, output].filter(Boolean).join("\n"),
		},
	];
}
