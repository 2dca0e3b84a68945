import { describe, expect, test } from "vitest";
import type { ToolPart } from "../../../shared/conversation/index.ts";
import { toolLookOf } from "../../../web/agent/line-words.ts";
import { loopMarks, toolCalls } from "../../../web/agent/tool-calls.ts";

let n = 0;
const call = (
	tool: string,
	input: Record<string, unknown>,
	state: Partial<ToolPart["state"]> = {},
): ToolPart => ({
	...{
		id: `prt_${String(++n).padStart(4, "0")}`,
		sessionID: "s",
		messageID: "m",
		type: "tool" as const,
		tool,
	},
	state: {
		status: "completed",
		input,
		output: "out",
		metadata: {},
		time: { start: n, end: n + 5 },
		...state,
	},
});
const talk = (...parts: ToolPart[]) => ({
	messages: [
		{ id: "m", session: "s", info: { id: "m", sessionID: "s" }, parts, version: 1, headless: false },
	],
});
const run = (command: string, exit: number | null = 0) => call("bash", { command }, { metadata: { exit } });

describe("the tool calls of an agent", () => {
	test("completed with another exit than 0 is a failure, and says which", () => {
		const calls = toolCalls(
			talk(run("npm test", 0), run("npm test -- redirect", 1), call("read", { filePath: "a.ts" })),
		);
		expect(calls.map((line) => [line.name, line.subject, line.failed, toolLookOf(line).word])).toEqual([
			["Run", "npm test", false, "exit 0"],
			["Run", "npm test -- redirect", true, "exit 1"],
			["Read", "a.ts", false, "Done"],
		]);
	});

	test("the same call again and again is marked from its first on, what stands between is not", () => {
		const calls = [run("ls"), run("npm test", 1), run("npm test", 1), run("npm test", 1), run("git status")];
		const marks = loopMarks(talk(...calls));
		expect(calls.map(({ id }) => marks.get(id) ?? null)).toEqual([
			null,
			{ kind: "equal", n: 1, of: 3 },
			{ kind: "equal", n: 2, of: 3 },
			{ kind: "equal", n: 3, of: 3 },
			null,
		]);
	});

	test("a cycle of calls is marked whole, two of a kind are none", () => {
		const round = () => [run("npm test", 1), call("read", { filePath: "a.ts" })];
		const calls = [...round(), ...round(), ...round()];
		const marks = loopMarks(talk(...calls));
		expect(calls.map(({ id }) => marks.get(id)?.n)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(loopMarks(talk(...round(), ...round())).size).toBe(0);
	});

	test("edits that undo each other are marked, other edits of the agent are not", () => {
		const edit = (oldString: string, newString: string, filePath = "a.ts") =>
			call("edit", { filePath, oldString, newString });
		const calls = [edit("x", "y", "b.ts"), edit("a", "b"), edit("b", "a"), edit("a", "b"), edit("b", "a")];
		const marks = loopMarks(talk(...calls));
		expect(calls.map(({ id }) => marks.get(id)?.kind ?? null)).toEqual([null, ...Array(4).fill("edits")]);
	});

	test("a call that has not begun is no repeat yet", () => {
		const calls = [run("a"), run("a"), call("bash", { command: "a" }, { status: "pending" })];
		expect(loopMarks(talk(...calls)).size).toBe(0);
	});
});
