import { headOf } from "../../../shared/conversation/index.ts";
import type { Line } from "./line.ts";

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
