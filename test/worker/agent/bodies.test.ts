import { describe, expect, test } from "vitest";
import { conversationOf, type Message, withBodies } from "../../../shared/conversation/index.ts";
import { agentOf, event, note, type TestAgent } from "./support.ts";

const LONG = "line of output 日本 \u{1f600}\n".repeat(3_000);
const tool = (status: string, state: object) =>
	event("message.part.updated", {
		sessionID: "ses_1",
		part: {
			id: "prt_1",
			sessionID: "ses_1",
			messageID: "msg_1",
			type: "tool",
			tool: "bash",
			state: { status, ...state },
		},
	});
type Cut = { $body: string; size: number; head: string; tail: string };

async function bodiesFetched(agent: TestAgent): Promise<Message[]> {
	const messages = conversationOf(await agent.events());
	const refs = new Set(JSON.stringify(messages).match(/(?<="\$body":")[0-9a-f]+/g));
	const bodies = new Map<string, string>();
	for (const ref of refs) bodies.set(ref, await agent.body(ref));
	return withBodies(messages, (ref) => bodies.get(ref) ?? "") as Message[];
}

describe("STREAM-2: any size", () => {
	test("STREAM-2: a long string is cut with its true size, kept once however often it comes, and fetched whole", async () => {
		const agent = agentOf("long-output");
		const done = { output: LONG, metadata: { output: LONG, exit: 0 } };
		await agent.send([
			tool("running", { metadata: { output: LONG } }),
			tool("completed", done),
			tool("completed", done),
		]);
		const [, [, , , , properties] = []] = await agent.events();
		const { part } = properties as { part: { state: { output: Cut; metadata: { output: Cut } } } };
		expect(part.state.output).toMatchObject({
			size: LONG.length,
			head: LONG.slice(0, 1_024),
			tail: LONG.slice(-512),
		});
		expect(part.state.metadata.output.$body).toBe(part.state.output.$body);
		expect(await agent.value("SELECT COUNT(*) FROM body")).toBe(1);
		expect(await agent.body(part.state.output.$body)).toBe(LONG);
		expect((await agent.segments())[0]?.bytes).toBeLessThan(16_000);
		expect(await bodiesFetched(agent)).toMatchObject([
			{ parts: [{ state: { ...done, status: "completed" } }] },
		]);
	});

	test("STREAM-2: a body of megabytes is kept in pieces of at most 1 MB, no character of it broken", async () => {
		const agent = agentOf("huge");
		const huge = LONG.repeat(60);
		await agent.send([note(1, huge)]);
		const pieces = await agent.inside((_, state) =>
			state.storage.sql
				.exec<{ bytes: number }>("SELECT length(CAST(text AS BLOB)) AS bytes FROM body_piece")
				.toArray(),
		);
		expect(pieces.length).toBeGreaterThan(3);
		for (const { bytes } of pieces) expect(bytes).toBeLessThanOrEqual(1_048_576);
		const [[, , , , properties] = []] = await agent.events();
		expect(await agent.body((properties as { text: Cut }).text.$body)).toBe(huge);
	});

	test("STREAM-2: many strings below the limit are cut as the list that holds them", async () => {
		const agent = agentOf("diff");
		const diff = Array.from({ length: 300 }, (_, n) => ({
			file: `src/${n}.ts`,
			patch: "+ line\n".repeat(300),
		}));
		await agent.send([event("session.diff", { sessionID: "ses_1", diff })]);
		const [[, , , , properties] = []] = await agent.events();
		const cut = (properties as { diff: Cut }).diff;
		expect(JSON.stringify(properties).length).toBeLessThan(4_000);
		expect(JSON.parse(await agent.body(cut.$body))).toEqual(diff);
		expect(withBodies(cut, () => JSON.stringify(diff))).toEqual(diff);
	});

	test("STREAM-2: an object of very many small fields is cut too, whatever its shape", async () => {
		const agent = agentOf("fields");
		const fields = Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`field-${n}`, n]));
		await agent.send([event("custom", fields), event("custom", { deep: { deeper: { fields } } })]);
		for (const { bytes } of await agent.segments()) expect(bytes).toBeLessThan(512 * 1024);
		expect(await agent.events()).toHaveLength(2);
	});

	test("STREAM-2: a body that is not there is said so", async () => {
		const agent = agentOf("none");
		await agent.send([note(1)]);
		expect(
			await agent.stub.query("town-1", { kind: "body", agent: "none", ref: "nope", piece: 0 }),
		).toMatchObject({
			ok: false,
			code: "no-such-body",
		});
	});
});
