import { env, evictDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { conversationOf } from "../../../shared/conversation/index.ts";
import { stream as streamSchemaOf } from "../../../shared/protocol/down/stream.ts";
import type { Position, Segment } from "../../../shared/protocol/index.ts";
import { agentOf, event, Follower, note, TOWN } from "./support.ts";

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const seqs = (follower: Follower) => follower.events.map(([seq]) => seq);

describe("FEED-3: following a stream", () => {
	test("FEED-3: from nothing a follower gets the last bytes of whole segments, then live", async () => {
		const agent = agentOf("tail");
		for (let n = 1; n <= 20; n++) await agent.send([note(n, "x".repeat(1_000))]);
		const follower = new Follower();
		await follower.open(agent);
		await follower.subscribe(null, 5_000).reach(20);
		expect(follower.frames[0]?.reset).toBe("first");
		expect(seqs(follower)).toEqual(numbers(17, 20));
		await agent.send([note(21)]);
		await follower.reach(21);
		expect(seqs(follower)).toEqual(numbers(17, 21));
	});

	test("FEED-3: an empty stream is followed too", async () => {
		const agent = agentOf("empty");
		await agent.stub.claim(TOWN, "empty");
		const follower = new Follower();
		await follower.open(agent);
		await follower.subscribe(null).until(({ heads }) => heads.length > 0);
		expect(streamSchemaOf.parse(follower.frames[0])).toMatchObject({
			reset: "first",
			from: 1,
			to: 0,
			segments: [],
		});
		await agent.send([note(1), note(2)]);
		await follower.reach(2);
		expect(seqs(follower)).toEqual([1, 2]);
	});

	test("FEED-3: with its cursor a follower goes on where it was, through eviction and in the middle of a busy stream", async () => {
		const agent = agentOf("resume");
		const follower = new Follower();
		await agent.send([note(1)]);
		await follower.open(agent);
		await follower.subscribe(null).reach(1);
		for (let n = 2; n <= 60; n++) {
			await agent.send([note(n)]);
			if (n === 20) await evictDurableObject(env.AGENT.getByName("resume"));
			if (n === 30) follower.drop();
			if (n === 40) {
				await follower.open(agent);
				follower.subscribe();
			}
		}
		await follower.reach(60);
		expect(seqs(follower)).toEqual(numbers(1, 60));
	});

	test.each([
		["epoch", (cursor: Position) => ({ ...cursor, epoch: "another" })],
		["mark", (cursor: Position) => ({ ...cursor, mark: "another" })],
		["ahead", (cursor: Position) => ({ ...cursor, seq: 99 })],
	])("FEED-2: a cursor that is wrong by its %s gets a reset with that reason", async (reason, wrong) => {
		const agent = agentOf(`wrong-${reason}`);
		await agent.send([note(1)]);
		await agent.send([note(2)]);
		const follower = new Follower();
		await follower.open(agent);
		await follower.subscribe(null).reach(2);
		const cursor = wrong(follower.position as Position);
		follower.subscribe(cursor);
		await follower.until(({ frames }) => frames.length === 2);
		expect(follower.frames[1]?.reset).toBe(reason);
		expect(await agent.stub.page(TOWN, cursor, 1_000)).toEqual({ reset: reason });
	});
});

describe("STREAM-7: a stream belongs to the town that made it", () => {
	test("STREAM-7: reports, follows, pages and questions of another town are refused", async () => {
		const agent = agentOf("owned");
		await agent.send([note(1)]);
		expect(
			await agent.send([note(2)], { town: "town-2", producer: "foreign", producerSeq: 1 }),
		).toMatchObject({
			ok: false,
			code: "foreign-town",
		});
		expect(await agent.stub.claim("town-2", "owned")).toBe(false);
		expect((await new Follower().open(agent, "town-2")).status).toBe(403);
		expect(
			await agent.stub.query("town-2", { kind: "stream", agent: "owned", before: 9, bytes: 10 }),
		).toMatchObject({ code: "foreign-town" });
		expect(await agent.stub.page("town-2", { epoch: "", seq: 0, mark: "" }, 10)).toHaveProperty("reset");
		expect(await agent.events()).toHaveLength(1);
	});

	test("STREAM-7: a claim before the first event binds it", async () => {
		const agent = agentOf("claimed");
		expect(await agent.stub.claim("town-2", "claimed")).toBe(true);
		expect(await agent.send([note(1)])).toMatchObject({ ok: false, code: "foreign-town" });
		expect((await new Follower().open(agent)).status).toBe(403);
	});

	test("STREAM-7: nobody follows what no town has claimed", async () => {
		expect((await new Follower().open(agentOf("unclaimed"))).status).toBe(403);
	});
});

describe("older events and pages", () => {
	test("STREAM-3: events below a position come newest first, whole segments, with whether there are more", async () => {
		const agent = agentOf("older");
		for (let n = 0; n < 10; n++)
			await agent.send([note(2 * n, "x".repeat(500)), note(2 * n + 1, "y".repeat(500))]);
		const ask = (before: number, bytes: number) =>
			agent.stub.query(TOWN, { kind: "stream", agent: "older", before, bytes });
		const seen = (answer: Awaited<ReturnType<typeof ask>>) =>
			"ok" in answer ? [] : [answer.rows.map((row) => (row as [number])[0]), answer.more];
		expect(seen(await ask(20, 2_600))).toEqual([[19, 18, 17], true]);
		expect(seen(await ask(17, 1_300))).toEqual([[16, 15], true]);
		expect(seen(await ask(3, 100_000))).toEqual([[2, 1], false]);
		expect(seen(await ask(1, 100_000))).toEqual([[], false]);
	});

	test("SESSION-5: a page leaves out deltas of parts that have closed in it, says how many, and folds to the same", async () => {
		const agent = agentOf("thinned");
		const part = (id: string, text: string, end?: number) =>
			event("message.part.updated", {
				sessionID: "ses_1",
				part: { id, sessionID: "ses_1", messageID: "msg_1", type: "text", text, time: { start: 1, end } },
			});
		const delta = (partID: string, text: string) =>
			event("message.part.delta", {
				sessionID: "ses_1",
				messageID: "msg_1",
				partID,
				field: "text",
				delta: text,
			});
		await agent.send([part("prt_1", ""), delta("prt_1", "one "), delta("prt_1", "two ")]);
		await agent.send([
			delta("prt_1", "three "),
			part("prt_2", ""),
			delta("prt_2", "still "),
			part("prt_1", "one two three ", 2),
		]);
		await agent.send([delta("prt_2", "open ")]);
		const epoch = JSON.parse(await agent.value<string>("SELECT json FROM stream_state")).epoch as string;
		const page = await agent.stub.page(TOWN, { epoch, seq: 0, mark: "" }, 100_000);
		if ("reset" in page) throw new Error(page.reset);
		expect(page).toMatchObject({ position: { seq: 8 }, more: false });
		const segments = page.frames.flatMap(
			({ text }) => streamSchemaOf.parse(JSON.parse(text)).segments as Segment[],
		);
		expect(segments.map(({ left_out }) => left_out)).toEqual([
			[{ from: 2, to: 3, count: 2 }],
			[{ from: 4, to: 4, count: 1 }],
			undefined,
		]);
		const events = segments.flatMap((segment) => segment.events);
		expect(events.map(([seq]) => seq)).toEqual([1, 5, 6, 7, 8]);
		expect(conversationOf(events)).toEqual(conversationOf(await agent.events()));
	});

	test("SESSION-5: pages follow each other to the end without a hole", async () => {
		const agent = agentOf("pages");
		for (let n = 1; n <= 50; n++) await agent.send([note(n, "x".repeat(2_000))]);
		const epoch = JSON.parse(await agent.value<string>("SELECT json FROM stream_state")).epoch as string;
		const all: number[] = [];
		let cursor: Position = { epoch, seq: 0, mark: "" };
		for (let more = true; more; ) {
			const page = await agent.stub.page(TOWN, cursor, 20_000);
			if ("reset" in page) throw new Error(page.reset);
			for (const { from, to } of page.frames) all.push(...numbers(from, to));
			expect(page.frames.reduce((bytes, { text }) => bytes + text.length, 0)).toBeLessThan(25_000);
			cursor = page.position;
			more = page.more;
		}
		expect(all).toEqual(numbers(1, 50));
	});
});
