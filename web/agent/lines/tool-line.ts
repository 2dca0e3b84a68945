import { headOf, isBody, type ToolPart, toolOutcome } from "../../../shared/conversation/index.ts";
import type { ToolLine } from "./line.ts";

const NAMES: Record<string, { name: string; shape: ToolLine["shape"]; subject: string }> = {
	bash: { name: "Run", shape: "run", subject: "command" },
	shell: { name: "Run", shape: "run", subject: "command" },
	edit: { name: "Edit", shape: "edit", subject: "filePath" },
	multiedit: { name: "Edit", shape: "edit", subject: "filePath" },
	apply_patch: { name: "Edit", shape: "edit", subject: "filePath" },
	write: { name: "Write", shape: "edit", subject: "filePath" },
	read: { name: "Read", shape: "read", subject: "filePath" },
	grep: { name: "Search", shape: "read", subject: "pattern" },
	glob: { name: "Find", shape: "read", subject: "pattern" },
	list: { name: "List", shape: "read", subject: "path" },
	ls: { name: "List", shape: "read", subject: "path" },
	todowrite: { name: "Todo", shape: "todo", subject: "" },
	todoread: { name: "Todo", shape: "todo", subject: "" },
	task: { name: "Task", shape: "task", subject: "description" },
};

/** A tool call as a line. One that is completed with another exit code than 0 has failed. */
export function toolLine(part: ToolPart): ToolLine {
	const known = NAMES[part.tool.toLowerCase()] ?? { name: part.tool, shape: "other" as const, subject: "" };
	const outcome = toolOutcome(part);
	return {
		key: part.id,
		at: part.state.time?.start ?? null,
		failed: outcome.kind === "failure",
		kind: "tool",
		part,
		outcome,
		name: known.name,
		shape: known.shape,
		subject: subjectOf(part, known.subject),
	};
}

/** The input as fields; empty where it was cut out whole or has not come yet. */
export const fieldsOf = (input: ToolPart["state"]["input"]): Record<string, unknown> =>
	input === undefined || isBody(input) ? {} : (input as Record<string, unknown>);

function subjectOf(part: ToolPart, field: string): string {
	const input = fieldsOf(part.state.input);
	const named = input[field] ?? (field === "" ? part.state.title : undefined);
	const first = named ?? Object.values(input).find((value) => typeof value === "string" || isBody(value));
	return (
		headOf(first ?? part.state.title ?? "")
			.split("\n")[0]
			?.slice(0, 300) ?? ""
	);
}

/** What a call printed or answered: whole where it is here, cut where it was cut in the stream (STREAM-2). */
export function outputOf(part: ToolPart): unknown {
	const { status, output, error, metadata } = part.state;
	if (status === "completed") return output;
	return error ?? metadata?.output;
}

/** Added and removed lines of an edit, from what the agent reports of it; null where it reports none. */
export function editCounts(part: ToolPart): { added: number; removed: number } | null {
	const diff = part.state.metadata?.filediff;
	if (typeof diff === "object" && diff !== null && "additions" in diff && "deletions" in diff)
		return { added: Number(diff.additions) || 0, removed: Number(diff.deletions) || 0 };
	const patch = patchOf(part);
	if (typeof patch !== "string") return null;
	const lines = patch.split("\n");
	return {
		added: lines.filter((line) => line.startsWith("+") && !line.startsWith("+++")).length,
		removed: lines.filter((line) => line.startsWith("-") && !line.startsWith("---")).length,
	};
}

/** The unified diff that the agent reports, a string or a cut body; undefined where there is none. */
export function patchOf(part: ToolPart): unknown {
	const { metadata } = part.state;
	const nested = metadata?.filediff as { patch?: unknown } | undefined;
	return metadata?.diff ?? nested?.patch;
}
