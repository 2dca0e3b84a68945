import { expect, test } from "vitest";
import { apply, createConversation, type EventInput } from "../../../shared/conversation/index.ts";
import { eventLook, toolLookOf } from "../../../web/agent/line-words.ts";
import type { Line } from "../../../web/agent/lines/line.ts";
import { linesOf } from "../../../web/agent/lines/lines.ts";
import { textOf } from "../../../web/agent/lines/text-of.ts";

let seq = 0;
const event = (type: string, properties: Record<string, unknown>): EventInput => [
	++seq, 1_000 * seq, `evt_${seq}`, type, { sessionID: "ses", ...properties },
]; // biome-ignore format: a tuple
const message = (id: string, role: string, more = {}) =>
	event("message.updated", { info: { id, sessionID: "ses", role, time: { created: 1_000 * seq }, ...more } });
const part = (id: string, messageID: string, fields: Record<string, unknown>) =>
	event("message.part.updated", { part: { id, messageID, sessionID: "ses", ...fields } });
const tool = (id: string, name: string, state: Record<string, unknown>) =>
	part(id, "msg_2", { type: "tool", tool: name, callID: id, state });
const lines = (...events: EventInput[]): Line[] => {
	const conversation = createConversation();
	for (const one of events) apply(conversation, one);
	return linesOf(conversation);
};
const kinds = (all: Line[]) => all.map(({ kind }) => kind);
const done = (metadata: Record<string, unknown>) => ({
	status: "completed", input: { command: "npm test" }, output: "1 failed", metadata, time: { start: 1, end: 9 },
}); // biome-ignore format: a state

test("design-ui §7: prompt, text, tool and step in order; hidden parts are left to Raw", () => {
	const all = lines(
		message("msg_1", "user"),
		part("prt_1", "msg_1", { type: "text", text: "Fix the redirect" }),
		part("prt_1b", "msg_1", { type: "text", text: "spinner", synthetic: true }),
		message("msg_2", "assistant", { parentID: "msg_1" }),
		part("prt_2", "msg_2", { type: "text", text: "On it.", time: { start: 1, end: 2 } }),
		tool("prt_3", "bash", done({ exit: 0 })),
		part("prt_4", "msg_2", { type: "step-finish", cost: 0.1 }),
	);
	expect(kinds(all)).toEqual(["prompt", "text", "tool", "step"]);
	expect(textOf(all[0] as Line)).toBe("Fix the redirect");
});

test("design-ui §7: a completed command with another exit than 0 has failed", () => {
	const all = lines(
		message("msg_2", "assistant"),
		tool("prt_1", "bash", done({ exit: 1 })),
		tool("prt_2", "bash", done({ exit: 0 })),
	);
	const tools = all.filter((line) => line.kind === "tool");
	expect(tools.map(({ failed }) => failed)).toEqual([true, false]);
	expect(tools.map((line) => toolLookOf(line).word)).toEqual(["exit 1", "exit 0"]);
});

test("design-ui §7: three reads in a row are one line, two are not, a failed one stands alone", () => {
	const read = (id: string, ok = true) =>
		tool(
			id,
			"read",
			ok
				? { status: "completed", input: { filePath: id }, output: "", metadata: {} }
				: { status: "error", input: { filePath: id }, error: "File not found" },
		);
	expect(kinds(lines(message("msg_2", "assistant"), read("prt_1"), read("prt_2"), read("prt_3")))).toEqual([
		"reads",
	]);
	expect(kinds(lines(message("msg_2", "assistant"), read("prt_1"), read("prt_2")))).toEqual(["tool", "tool"]);
	expect(
		kinds(lines(message("msg_2", "assistant"), read("prt_1"), read("prt_2"), read("prt_3", false))),
	).toEqual(["tool", "tool", "tool"]);
});

test("STREAM-5: a stream whose beginning is missing shows what is there and says what is not", () => {
	const all = lines(part("prt_9", "msg_9", { type: "text", text: "…and then", time: { start: 1, end: 2 } }));
	expect(kinds(all)).toEqual(["headless", "text"]);
});

test("design-ui §7: an end by a crash is a failure with its exit, an abort is none", () => {
	const crashed = lines(
		message("msg_2", "assistant"),
		event("agent.exited", { reason: "crashed", exit_code: 139, signal: "SIGSEGV" }),
	).at(-1);
	expect(crashed && eventLook(crashed).word).toBe("Stream ended: crashed, exit 139, SIGSEGV");
	expect(crashed?.failed).toBe(true);
	const aborted = lines(
		message("msg_2", "assistant"),
		event("session.error", { error: { name: "MessageAbortedError", data: {} } }),
	);
	expect(aborted.filter(({ failed }) => failed)).toEqual([]);
});

test("STREAM-3: an end stays where it happened when the agent goes on; it stands last while it holds", () => {
	const exit = event("agent.exited", { sessionID: undefined, reason: "stopped by the town" });
	seq++;
	const again = message("msg_5", "user");
	const words = part("prt_5", "msg_5", { type: "text", text: "Go on" });
	expect(kinds(lines(exit)).at(-1)).toBe("end");
	expect(kinds(lines(exit, again, words))).toEqual(["end", "prompt"]);
});

test("STREAM-5: steps of a stream whose beginning is not loaded have no number", () => {
	const conversation = createConversation();
	for (const one of [
		message("msg_6", "assistant"),
		part("prt_6", "msg_6", { type: "step-finish", cost: 0.1 }),
	])
		apply(conversation, one);
	expect(linesOf(conversation)).toMatchObject([{ kind: "step", n: 1 }]);
	expect(linesOf(conversation, false)).toMatchObject([{ kind: "step", n: null }]);
});

test("design-ui §7: a pending permission stands last until it is answered", () => {
	const first = message("msg_2", "assistant");
	const asked = event("permission.asked", { id: "per_1", permission: "bash", patterns: ["rm -rf dist"] });
	const answered = event("permission.replied", { requestID: "per_1", reply: "once" });
	expect(lines(first, asked).at(-1)).toMatchObject({ kind: "pending" });
	expect(kinds(lines(first, asked, answered))).not.toContain("pending");
});

test("lines of a message that did not change are the same objects", () => {
	const conversation = createConversation();
	for (const one of [
		message("msg_2", "assistant"),
		part("prt_1", "msg_2", { type: "text", text: "a", time: { start: 1, end: 2 } }),
	])
		apply(conversation, one);
	const [before] = linesOf(conversation);
	apply(conversation, message("msg_8", "assistant"));
	expect(linesOf(conversation)[0]).toBe(before);
});
