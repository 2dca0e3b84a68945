import type { ErrorEntry, Loop, Pending, Status, StepFinishPart, StreamEnd, Text, TextPart, ToolOutcome, ToolPart } from "../../../shared/conversation/index.ts"; // biome-ignore format: one list

/** One line of an agent's conversation (design-ui §7). `at` is epoch milliseconds, null where the stream does not say. */
export type Line = { key: string; at: number | null; failed: boolean } & (
	| { kind: "prompt"; text: Text[]; from: string }
	| { kind: "text"; part: TextPart; open: boolean }
	| { kind: "reasoning"; part: TextPart; open: boolean }
	| ToolLine
	| { kind: "reads"; tools: ToolLine[] }
	/** `n`: its number from the beginning of the stream; null where that is not loaded. */
	| { kind: "step"; part: StepFinishPart; n: number | null; ms: number | null }
	| { kind: "compaction"; auto: boolean }
	| { kind: "error"; error: ErrorEntry }
	| { kind: "message-error"; name: string; message: string }
	| { kind: "loop"; loop: Loop }
	| { kind: "pending"; pending: Pending }
	| { kind: "status"; status: Extract<Status, { type: "retry" | "offline" | "other" }> }
	| { kind: "end"; end: StreamEnd }
	/** The opening of this message was not received: its beginning lies before what is loaded. */
	| { kind: "headless" }
	| { kind: "other"; type: string; value: unknown }
);
export type ToolLine = {
	key: string;
	at: number | null;
	failed: boolean;
	kind: "tool";
	part: ToolPart;
	outcome: ToolOutcome;
	/** Run, Edit, Write, Read, Search, Todo, Task, or the tool's name as sent. */
	name: string;
	/** Command, path, pattern or first argument. */
	subject: string;
	shape: "run" | "edit" | "read" | "todo" | "task" | "other";
};
export type LineKind = Line["kind"];
