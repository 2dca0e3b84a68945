import { headOf, isBody } from "./body.ts";
import { isRecord } from "./event.ts";
import type { ToolPart } from "./types.ts";

export type ToolOutcome =
	| { kind: "pending" | "running" }
	| { kind: "success"; exit: number | null }
	/** `reason` is for people. `exit` is null where the command was ended or the tool has none. */
	| { kind: "failure"; reason: string; exit: number | null }
	| { kind: "aborted" | "rejected"; reason: string; exit: null };

/** A command that was ended writes why after its output, as `<shell_metadata>` or `<bash_metadata>`. */
const ENDED = /<(?:shell|bash)_metadata>\s*([\s\S]*?)\s*<\/(?:shell|bash)_metadata>/;

const TAIL = 1_024;

function endedBecause(output: unknown): string | null {
	const text = isBody(output) ? (output.tail ?? "") : headOf(output);
	return ENDED.exec(text.slice(-TAIL))?.[1] ?? null;
}

/**
 * How a tool call ended. `completed` alone does not mean success (sdk-events.md §4): a shell that exits with another code
 * than 0, or with none because it was ended, is completed too; opencode turns an unknown tool into a completed `invalid`.
 */
export function toolOutcome(part: ToolPart): ToolOutcome {
	const { status, metadata = {} } = part.state;
	if (status === "pending") return { kind: "pending" };
	if (status === "running") return { kind: "running" };
	if (status === "error") {
		const reason = headOf(part.state.error);
		if (metadata.interrupted === true || reason === "Tool execution aborted")
			return { kind: "aborted", reason, exit: null };
		if (/rejected permission|permission was rejected/i.test(reason))
			return { kind: "rejected", reason, exit: null };
		return { kind: "failure", reason, exit: null };
	}
	if (status !== "completed") return { kind: "failure", reason: `Unknown state ${status}`, exit: null };
	if (part.tool === "invalid") {
		const input = part.state.input;
		const reason = isRecord(input) && !isBody(input) ? headOf(input.error) : "Invalid call";
		return { kind: "failure", reason, exit: null };
	}
	if (!("exit" in metadata)) return { kind: "success", exit: null };
	const { exit } = metadata;
	if (exit === 0) return { kind: "success", exit: 0 };
	if (typeof exit === "number") return { kind: "failure", reason: `Exit code ${exit}`, exit };
	const because = endedBecause(part.state.output);
	if (because && /abort/i.test(because)) return { kind: "aborted", reason: because, exit: null };
	return { kind: "failure", reason: because ?? "Ended without an exit code", exit: null };
}
