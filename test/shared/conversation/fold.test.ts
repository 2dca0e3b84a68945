import { describe, expect, test } from "vitest";
import {
	apply, type Conversation, createConversation, isToolPart, SETTLE_MS, settledStatus, type ToolPart,
	toolOutcome,
} from "../../../shared/conversation/index.ts"; // biome-ignore format: a list
import { eventsOf, finalOf } from "../../support/recordings.ts";

const SESSION = "ses_1";
const status = (type: string, more = {}) => ({
	type: "session.status",
	properties: { sessionID: SESSION, status: { type, ...more } },
});
const asked = (id: string, callID = "call_1") => ({
	type: "permission.asked",
	properties: {
		sessionID: SESSION,
		id,
		permission: "bash",
		patterns: ["rm *"],
		tool: { messageID: "msg_1", callID },
	},
});
const assistant = (id: string, more = {}) => ({
	type: "message.updated",
	properties: {
		sessionID: SESSION,
		info: { id, sessionID: SESSION, role: "assistant", parentID: "msg_0", ...more },
	},
});
const part = (id: string, more: object, messageID = "msg_1") => ({
	type: "message.part.updated",
	properties: { sessionID: SESSION, part: { id, sessionID: SESSION, messageID, ...more } },
});
const call = (id: string, tool: string, input: object) =>
	part(id, { type: "tool", tool, callID: id, state: { status: "running", input } });
const delta = (partID: string, text: string, messageID = "msg_1") => ({
	type: "message.part.delta",
	properties: { sessionID: SESSION, messageID, partID, field: "text", delta: text },
});
const error = (name: string, message: string) => ({
	type: "session.error",
	properties: { sessionID: SESSION, error: { name, data: { message, statusCode: 402 } } },
});

function fold(events: { type: string; properties: object }[], into = createConversation()): Conversation {
	for (const event of events) apply(into, { ...event, at: into.at + 1_000 });
	return into;
}
async function recorded(name: string): Promise<Conversation> {
	const conversation = createConversation();
	for (const event of await eventsOf(name)) apply(conversation, event);
	return conversation;
}
const own = (conversation: Conversation) => {
	const session = conversation.sessions.all.get(SESSION);
	if (!session) throw new Error("no session");
	return session;
};

describe("STREAM-5: what is asked", () => {
	test("STREAM-5: an unanswered permission stays, whatever heartbeats come", () => {
		const conversation = fold([status("busy"), asked("per_1"), { type: "server.heartbeat", properties: {} }]);
		expect(conversation.pending).toMatchObject([
			{ id: "per_1", permission: "bash", patterns: ["rm *"], since: 2_000 },
		]);
	});

	test.each([
		[
			"a reply",
			{ type: "permission.replied", properties: { sessionID: SESSION, requestID: "per_1", reply: "once" } },
		],
		["idle", status("idle")],
		["idle, by its own event", { type: "session.idle", properties: { sessionID: SESSION } }],
		["an error", error("UnknownError", "no")],
		[
			"the turn's close",
			{ type: "session.turn.close", properties: { sessionID: SESSION, reason: "interrupted" } },
		],
		["a newer turn", { type: "session.turn.open", properties: { sessionID: SESSION } }],
		["a later message", assistant("msg_2")],
		[
			"the end of the call",
			part("prt_1", { type: "tool", tool: "bash", callID: "call_1", state: { status: "error" } }),
		],
		["the end of the process", { type: "agent.exited", properties: { reason: "stopped" } }],
	])("STREAM-5: it is cleared by %s", (_, event) => {
		expect(fold([asked("per_1"), event]).pending).toEqual([]);
	});

	test("STREAM-5: it is not cleared by another session's end, but by its parent's", () => {
		const child = {
			type: "session.created",
			properties: { sessionID: "ses_c", info: { id: "ses_c", parentID: SESSION } },
		};
		const childAsks = { ...asked("per_1"), properties: { ...asked("per_1").properties, sessionID: "ses_c" } };
		const other = { type: "session.idle", properties: { sessionID: "ses_x" } };
		expect(fold([status("busy"), child, childAsks, other]).pending).toHaveLength(1);
		expect(fold([status("busy"), child, childAsks, status("idle")]).pending).toEqual([]);
	});

	test.each(["permission", "opencode-permission", "blocked", "aborted"])(
		"STREAM-5: nothing is left pending at the end of %s",
		async (name) => expect((await recorded(name)).pending).toEqual([]),
	);
});

describe("STREAM-5: status, errors, turns", () => {
	test("STREAM-5: busy again is no transition; idle counts once it lasts and nothing is queued", () => {
		const conversation = fold([status("busy"), status("busy"), status("busy")]);
		expect(own(conversation).status).toEqual({ type: "busy", since: 1_000 });
		fold([status("idle"), status("idle")], conversation);
		expect(own(conversation).status).toEqual({ type: "idle", since: 4_000 });
		expect(settledStatus(own(conversation), 4_000).type).toBe("busy");
		expect(settledStatus(own(conversation), 4_000 + SETTLE_MS).type).toBe("idle");
		fold(
			[{ type: "session.queue.changed", properties: { sessionID: SESSION, queued: ["msg_9"] } }],
			conversation,
		);
		expect(settledStatus(own(conversation), 60_000).type).toBe("busy");
	});

	test("STREAM-5: retry and offline are kept with what they wait for; unknown ones as they are", () => {
		const retry = status("retry", { attempt: 2, message: "Rate limit", next: 9_000 });
		expect(own(fold([retry])).status).toEqual({
			type: "retry",
			since: 1_000,
			attempt: 2,
			message: "Rate limit",
			next: 9_000,
		});
		expect(own(fold([status("offline", { message: "refused", requestID: "r" })])).status.type).toBe(
			"offline",
		);
		expect(own(fold([status("hibernating")])).status).toEqual({
			type: "other",
			since: 1_000,
			name: "hibernating",
		});
	});

	test("STREAM-5: equal errors in a row are one with a count; a later step recovers them; an abort is none", () => {
		const conversation = fold([
			error("APIError", "no money"),
			error("APIError", "no money"),
			error("APIError", "late"),
		]);
		expect(conversation.errors).toMatchObject([
			{ message: "no money", status: 402, count: 2, firstAt: 1_000, lastAt: 2_000 },
			{ message: "late", count: 1, recoveredAt: null },
		]);
		fold([part("prt_9", { type: "step-finish", reason: "stop" })], conversation);
		expect(conversation.errors.at(-1)?.recoveredAt).toBe(4_000);
		expect(fold([error("MessageAbortedError", "Aborted")]).errors).toMatchObject([{ aborted: true }]);
	});

	test("STREAM-5: a turn is a user message with all that answer it; kilo says how it closed, opencode goes idle", async () => {
		const kilo = (await recorded("happy-path")).turns.all;
		expect(kilo.map(({ reason }) => reason)).toEqual(kilo.map(() => "completed"));
		expect(kilo.flatMap(({ messages }) => messages)).toHaveLength(16 - kilo.length);
		const opencode = (await recorded("opencode-happy-path")).turns.all;
		expect(opencode.map(({ reason }) => reason)).toEqual(opencode.map(() => "idle"));
	});

	test("STREAM-5: the end of the process is shown until its sessions go on", () => {
		const conversation = fold([
			status("busy"),
			{ type: "agent.exited", properties: { reason: "stopped", code: 143 } },
		]);
		expect(conversation.end).toMatchObject({ reason: "stopped", properties: { code: 143 } });
		expect(fold([status("busy")], conversation).end).toBeNull();
	});
});

describe("STREAM-4: usage by message", () => {
	test.each(["loop", "long", "happy-path", "aborted", "opencode-loop", "provider-retry"])(
		"STREAM-4: of %s it is the sum of its messages, though the last session.updated is missing after an abort",
		async (name) => {
			const conversation = await recorded(name);
			const [final] = Object.values(await finalOf(name));
			const sum = (final?.messages ?? []).reduce((cost, { info }) => cost + (info.cost ?? 0), 0);
			expect(sum).toBeGreaterThan(0);
			expect(conversation.usage.cost).toBeCloseTo(sum, 6);
		},
	);
});

describe("STREAM-6: loops", () => {
	test("STREAM-6: a loop of edits that undo each other is found in both recordings of it", async () => {
		for (const name of ["loop", "opencode-loop"]) {
			const { loops } = await recorded(name);
			expect(loops.at(-1)).toMatchObject({ kind: "edits", input: "/workspace/rigs/example/src/cart.js" });
			expect(loops.at(-1)?.count).toBeGreaterThan(10);
		}
	});

	test("STREAM-6: forty equal calls are a loop, and another call ends it", () => {
		const equal = Array.from({ length: 40 }, (_, n) =>
			call(`prt_${100 + n}`, "bash", { command: "npm test" }),
		);
		const conversation = fold(equal);
		expect(conversation.loop).toMatchObject({ kind: "equal", tool: "bash", count: 40 });
		expect(fold([call("prt_200", "read", { filePath: "a" })], conversation).loop).toBeNull();
		expect(conversation.loops).toHaveLength(1);
	});

	test("STREAM-6: the same few calls in turn are a loop", () => {
		const round = ["a", "b", "c"];
		const calls = Array.from({ length: 12 }, (_, n) =>
			call(`prt_${100 + n}`, "read", { filePath: round[n % 3] }),
		);
		expect(fold(calls).loop).toMatchObject({ kind: "cycle", period: 3, count: 4 });
	});

	test("STREAM-6: snapshots of one call are one call", () => {
		const one = Array.from({ length: 10 }, () => call("prt_1", "bash", { command: "npm test" }));
		expect(fold(one).loop).toBeNull();
	});

	test.each(["long", "happy-path", "opencode-happy-path", "tool-error", "subagent", "two-agents"])(
		"STREAM-6: %s is not called a loop",
		async (name) => expect((await recorded(name)).loops).toEqual([]),
	);
});

describe("STREAM-5: a live conversation", () => {
	test("STREAM-5: only what changed gets a new version and identity", () => {
		const conversation = fold([
			assistant("msg_1"),
			part("prt_1", { type: "text", text: "", time: { start: 1 } }),
			assistant("msg_2"),
			part("prt_2", { type: "text", text: "", time: { start: 1 } }, "msg_2"),
		]);
		const [first, second] = conversation.messages;
		const before = {
			list: conversation.listVersion,
			version: second?.version,
			parts: second?.parts,
			first: first?.version,
		};
		fold([delta("prt_2", "Hel", "msg_2"), delta("prt_2", "lo", "msg_2")], conversation);
		expect(second?.parts[0]).toMatchObject({ text: "Hello" });
		expect(second?.parts).not.toBe(before.parts);
		expect(second?.version).toBe((before.version ?? 0) + 2);
		expect([conversation.listVersion, first?.version]).toEqual([before.list, before.first]);
	});

	test("STREAM-5: a delta of a part whose beginning is lost waits for the closing snapshot", () => {
		const conversation = fold([delta("prt_1", "lo")]);
		expect(conversation.messages).toEqual([]);
		fold([part("prt_1", { type: "text", text: "Hello", time: { start: 1, end: 2 } })], conversation);
		expect(conversation.messages).toMatchObject([
			{ id: "msg_1", headless: true, parts: [{ text: "Hello" }] },
		]);
	});

	test("STREAM-5: positions seen before are not folded again", () => {
		const conversation = createConversation();
		const events: [number, number, null, string, unknown][] = [
			[1, 0, null, assistant("msg_1").type, assistant("msg_1").properties],
			[2, 0, null, "message.part.updated", part("prt_1", { type: "text", text: "" }).properties],
			[3, 0, null, "message.part.delta", delta("prt_1", "once").properties],
		];
		for (const event of [...events, ...events]) apply(conversation, event);
		expect(conversation.messages[0]?.parts[0]).toMatchObject({ text: "once" });
		expect(conversation.seq).toBe(3);
	});

	test("STREAM-5: malformed events throw nothing and say nothing", () => {
		for (const type of [
			"message.updated",
			"message.part.updated",
			"message.part.delta",
			"session.status",
			"permission.asked",
			"todo.updated",
			"session.error",
			"",
			"agent.exited",
		])
			for (const properties of [
				null,
				3,
				"x",
				[],
				{},
				{ info: 1, part: [], sessionID: 4, status: null, error: "no" },
			])
				expect(() => apply(createConversation(), { type, properties })).not.toThrow();
	});
});

describe("completed does not mean success", () => {
	async function outcomes(name: string) {
		const { messages } = await recorded(name);
		return messages
			.flatMap(({ parts }) => parts.filter(isToolPart))
			.map((tool: ToolPart) => ({ tool: tool.tool, ...toolOutcome(tool) }));
	}

	test("a completed shell with another exit code than 0, or none, failed", async () => {
		const bash = (await outcomes("tool-error")).filter(({ tool }) => tool === "bash");
		expect(bash).toContainEqual({ tool: "bash", kind: "failure", reason: "Exit code 3", exit: 3 });
		expect(bash).toContainEqual(
			expect.objectContaining({
				kind: "failure",
				exit: null,
				reason: expect.stringMatching(/exceeding timeout 1500 ms/),
			}),
		);
		expect(bash).toContainEqual({ tool: "bash", kind: "success", exit: 0 });
	});

	test("an abort is told from a failure, in both agents", async () => {
		for (const name of ["aborted", "opencode-aborted"]) {
			const aborted = (await outcomes(name)).filter(({ kind }) => kind === "aborted");
			expect(aborted.length).toBeGreaterThan(0);
		}
	});

	test("a rejected permission, an unknown tool, and opencode's completed `invalid`", async () => {
		const kinds = async (name: string) => (await outcomes(name)).map(({ kind }) => kind);
		expect(await kinds("permission")).toContain("rejected");
		const unknown = (await outcomes("tool-error")).find(({ tool }) => tool === "deploy_to_prod");
		expect(unknown?.kind).toBe("failure");
		const invalid = part("prt_1", {
			type: "tool",
			tool: "invalid",
			state: { status: "completed", input: { error: "no such tool" } },
		});
		expect(toolOutcome(invalid.properties.part as unknown as ToolPart)).toEqual({
			kind: "failure",
			reason: "no such tool",
			exit: null,
		});
	});

	test("the reason is read from the end of an output whose middle was cut", () => {
		const output = {
			$body: "x",
			size: 90_000,
			head: "start",
			tail: "…<shell_metadata>\nUser aborted the command\n</shell_metadata>",
		};
		const cut = part("prt_1", {
			type: "tool",
			tool: "bash",
			state: { status: "completed", output, metadata: { exit: null } },
		});
		expect(toolOutcome(cut.properties.part as unknown as ToolPart)).toMatchObject({
			kind: "aborted",
			reason: "User aborted the command",
		});
	});
});
