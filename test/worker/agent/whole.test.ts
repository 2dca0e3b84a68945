import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { conversationOf, type Message, withBodies } from "../../../shared/conversation/index.ts";
import { eventsOf, finalOf, RECORDINGS } from "../../support/recordings.ts";
import { agentOf, event, Follower, ingestOf, type TestAgent } from "./support.ts";

async function withBodiesOf(agent: TestAgent, messages: Message[]): Promise<Message[]> {
	const bodies = new Map<string, string>();
	for (const [, ref = ""] of JSON.stringify(messages).matchAll(/"\$body":"([0-9a-f]+)"/g))
		if (!bodies.has(ref)) bodies.set(ref, await agent.body(ref));
	return withBodies(messages, (ref) => bodies.get(ref) ?? "") as Message[];
}

/** The fold equals the server's answer but for named exceptions (test/shared/conversation); here it must equal that fold. */
describe("STREAM-5: through the object", () => {
	// `long` is 20,000 events of the same kind as `loop`.
	test.each(RECORDINGS.filter((name) => name !== "long"))(
		"STREAM-5: %s followed live, with eviction and a dropped socket, bodies fetched, folds to the same",
		async (name) => {
			const agent = agentOf(`whole-${name}`);
			const recorded = await eventsOf(name);
			const events = ingestOf(recorded);
			const follower = new Follower();
			await agent.send([]);
			await follower.open(agent);
			follower.subscribe(null);
			const size = Math.ceil(events.length / 12);
			let seq = 0;
			for (let part = 0; part * size < events.length; part++) {
				const answer = await agent.send(events.slice(part * size, (part + 1) * size));
				if (answer.ok) seq = answer.seq;
				if (part === 4) await evictDurableObject(env.AGENT.getByName(agent.id));
				if (part === 7) follower.drop();
				if (part === 9) {
					await follower.open(agent);
					follower.subscribe();
				}
			}
			await follower.reach(seq);
			expect(follower.events).toEqual(await agent.events());
			for (const session of Object.keys(await finalOf(name)))
				expect(await withBodiesOf(agent, conversationOf(follower.events, session))).toEqual(
					conversationOf(recorded, session),
				);
		},
		30_000,
	);
});

describe("FEED-6: secrets never enter the stream", () => {
	const TOKEN = "ghs_0123456789abcdef0123456789abcdef";
	const REMOTE = `https://x-access-token:${TOKEN}@github.com/example/shop.git`;
	const delta = (text: string, partID = "prt_1") =>
		event("message.part.delta", {
			sessionID: "ses_1",
			messageID: "msg_1",
			partID,
			field: "text",
			delta: text,
		});
	const text = (value: string, end?: number, partID = "prt_1") =>
		event("message.part.updated", {
			sessionID: "ses_1",
			part: {
				id: partID,
				sessionID: "ses_1",
				messageID: "msg_1",
				type: "text",
				text: value,
				time: { start: 1, end },
			},
		});
	const inChunks = (value: string, size: number) => value.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];
	const everything = (agent: TestAgent) =>
		agent.inside((_, state) =>
			["segment", "body_piece", "stream_state"]
				.flatMap((table) => state.storage.sql.exec(`SELECT * FROM ${table}`).toArray())
				.map((row) => JSON.stringify(row))
				.join("\n"),
		);

	test.each([1, 5, 7])(
		"FEED-6: a token in deltas of %d characters, each in a batch of its own, never appears",
		async (size) => {
			const agent = agentOf(`deltas-${size}`);
			const said = `Cloning ${REMOTE} now.`;
			await agent.send([text("")]);
			for (const [index, piece] of inChunks(said, size).entries()) {
				await agent.send([delta(piece)]);
				if (index % 5 === 4) await evictDurableObject(env.AGENT.getByName(agent.id));
			}
			const shown = conversationOf(await agent.events())[0]?.parts[0];
			expect(shown).toMatchObject({ text: "Cloning https://[redacted]@github.com/example/shop.git " });
			await agent.send([text(said, 2)]);
			expect(conversationOf(await agent.events())[0]?.parts[0]).toMatchObject({
				text: "Cloning https://[redacted]@github.com/example/shop.git now.",
			});
			const stored = (await agent.segments()).map((segment) => segment.text).join("");
			for (const part of inChunks(TOKEN.slice(4), 8)) expect(stored.includes(part)).toBe(false);
		},
	);

	test("FEED-6: tool input, output, running output, errors and bodies are redacted before they are stored", async () => {
		const agent = agentOf("tools");
		const tool = (state: object) =>
			event("message.part.updated", {
				sessionID: "ses_1",
				part: { id: "prt_2", sessionID: "ses_1", messageID: "msg_1", type: "tool", tool: "bash", state },
			});
		const input = { command: `git push ${REMOTE}` };
		const long = `${"line\n".repeat(5_000)}TOKEN=${TOKEN}\n`;
		await agent.send([
			tool({ status: "running", input, metadata: { output: `pushing to ${REMOTE.slice(0, 40)}` } }),
			tool({ status: "completed", input, output: long, metadata: { output: long, exit: 0 } }),
			event("session.error", {
				sessionID: "ses_1",
				error: {
					name: "APIError",
					data: { message: "x", responseHeaders: { authorization: `Bearer ${TOKEN}` } },
				},
			}),
			event("agent.exited", { reason: `git: could not read from ${REMOTE}` }),
		]);
		const stored = await everything(agent);
		expect(stored).toContain("[redacted]");
		for (const part of inChunks(TOKEN.slice(4), 8)) expect(stored.includes(part)).toBe(false);
	});

	test("FEED-6: a part that is never closed shows its last word when its session stops", async () => {
		const agent = agentOf("unclosed");
		await agent.send([text(""), delta("Half a wo"), delta("rd")]);
		expect(conversationOf(await agent.events())[0]?.parts[0]).toMatchObject({ text: "Half a " });
		await agent.send([event("session.idle", { sessionID: "ses_other" })]);
		expect(conversationOf(await agent.events())[0]?.parts[0]).toMatchObject({ text: "Half a " });
		await agent.send([event("session.idle", { sessionID: "ses_1" })]);
		expect(conversationOf(await agent.events())[0]?.parts[0]).toMatchObject({ text: "Half a word" });
	});

	test("FEED-6: however many parts stream at once, what was given up is not shown without its beginning", async () => {
		const agent = agentOf("many-parts");
		const ids = Array.from({ length: 400 }, (_, n) => `prt_${1_000 + n}`);
		await agent.send(ids.flatMap((id) => [text("", undefined, id), delta(TOKEN.slice(0, 20), id)]));
		await agent.send(ids.map((id) => delta(`${TOKEN.slice(20)} `, id)));
		const stored = (await agent.segments()).map((segment) => segment.text).join("");
		expect(stored.includes(TOKEN.slice(20, 28))).toBe(false);
	});
});
