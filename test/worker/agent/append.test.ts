import { env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { stream as streamSchema } from "../../../shared/protocol/down/stream.ts";
import { STREAM_LIMITS } from "../../../worker/agent/limits.ts";
import { AgentStream } from "../../../worker/agent/stream.ts";
import type { Sql, SqlValue } from "../../../worker/live-ops/sql.ts";
import { agentOf, event, Follower, note, TOWN } from "./support.ts";

describe("STREAM-1: appends", () => {
	test("STREAM-1: a batch is one row, and its events follow each other without holes", async () => {
		const agent = agentOf("batches");
		expect(await agent.send([note(1), note(2), note(3)])).toEqual({
			ok: true,
			seq: 3,
			interval: 1_000,
			duplicate: false,
		});
		expect(await agent.send([note(4)])).toMatchObject({ ok: true, seq: 4 });
		expect(await agent.segments()).toHaveLength(2);
		expect((await agent.events()).map(([seq, at, , type]) => [seq, at, type])).toEqual([
			[1, 1_001, "todo.updated"],
			[2, 1_002, "todo.updated"],
			[3, 1_003, "todo.updated"],
			[4, 1_004, "todo.updated"],
		]);
	});

	test("STREAM-1: the same batch again is acknowledged and stored once", async () => {
		const agent = agentOf("again");
		await agent.send([note(1)], { producerSeq: 1 });
		expect(await agent.send([note(1)], { producerSeq: 1 })).toMatchObject({
			ok: true,
			seq: 1,
			duplicate: true,
		});
		await agent.send([note(2)], { producerSeq: 2 });
		expect(await agent.send([note(1)], { producerSeq: 1 })).toMatchObject({
			ok: true,
			seq: 2,
			duplicate: true,
		});
		expect(await agent.events()).toHaveLength(2);
	});

	test("STREAM-1: a gap is refused with the seq that is expected, and nothing of it is stored", async () => {
		const agent = agentOf("gap");
		await agent.send([note(1)], { producerSeq: 1 });
		expect(await agent.send([note(3)], { producerSeq: 3 })).toMatchObject({
			ok: false,
			code: "gap",
			expected: 2,
		});
		expect(await agent.send([note(1)], { producer: "p2", producerSeq: 2 })).toMatchObject({
			code: "gap",
			expected: 1,
		});
		expect(await agent.events()).toHaveLength(1);
		expect(await agent.send([note(2)], { producerSeq: 2 })).toMatchObject({ ok: true, seq: 2 });
		expect(await agent.send([note(3)], { producer: "p2", producerSeq: 1 })).toMatchObject({
			ok: true,
			seq: 3,
		});
	});

	test("STREAM-1: sync twins, heartbeats and boot noise are not stored, and a batch of nothing else counts", async () => {
		const agent = agentOf("noise");
		const noise = [
			"sync",
			"server.heartbeat",
			"plugin.added",
			"catalog.updated",
			"reference.updated",
			"integration.updated",
			"indexing.status",
		];
		expect(await agent.send(noise.map((type) => event(type, {})))).toMatchObject({ ok: true, seq: 0 });
		expect(await agent.send([event("sync", {}), note(1), event("server.heartbeat", {})])).toMatchObject({
			seq: 1,
		});
		expect(await agent.segments()).toHaveLength(1);
	});

	test("STREAM-1: a segment is at most 512 KB: a larger batch becomes several", async () => {
		const agent = agentOf("large");
		const events = Array.from({ length: 200 }, (_, n) => note(n, "y".repeat(9_000)));
		await agent.send(events);
		const segments = await agent.segments();
		expect(segments.length).toBeGreaterThan(3);
		for (const { text, bytes } of segments) {
			expect(bytes).toBe(new TextEncoder().encode(text).length);
			expect(bytes).toBeLessThanOrEqual(512 * 1024);
		}
		expect((await agent.events()).map(([seq]) => seq)).toEqual(events.map((_, n) => n + 1));
	});

	test("STREAM-1: an event that cannot be cut to a segment is refused whole: nothing half-stored", async () => {
		const agent = agentOf("assert");
		await agent.send([note(1)], { producerSeq: 1 });
		await agent.limit({ segmentBytes: 4_000 });
		const append = agent.inside((instance) =>
			instance
				.append({
					town: TOWN,
					agent: "assert",
					producer: "p1",
					producerSeq: 2,
					attempt: null,
					bead: null,
					events: [note(2), note(3, "z".repeat(8_000))],
				})
				.then(
					() => "stored",
					(error: Error) => error.message,
				),
		);
		expect(await append).toMatch(/a segment of \d+ bytes, more than 4000/);
		expect(await agent.events()).toHaveLength(1);
		expect(await agent.send([note(2)], { producerSeq: 2 })).toMatchObject({
			ok: true,
			seq: 2,
			duplicate: false,
		});
	});

	test("STREAM-1: gather for a second while nobody follows, for 50 ms while someone does", async () => {
		const agent = agentOf("interval");
		expect(await agent.send([note(1)])).toMatchObject({ interval: 1_000 });
		const follower = new Follower();
		await follower.open(agent);
		await follower.subscribe(null).reach(1);
		expect(await agent.send([note(2)])).toMatchObject({ interval: 50 });
	});

	test("STREAM-1: aborted between append and answer, the batch sent again is there exactly once", async () => {
		const agent = agentOf("aborted");
		await agent.send([note(1)], { producerSeq: 1 });
		// Committed, but the answer is lost with the object.
		await agent
			.inside(async (instance, state) => {
				await instance.append({
					town: TOWN,
					agent: "aborted",
					producer: "p1",
					producerSeq: 2,
					attempt: null,
					bead: null,
					events: [note(2)],
				});
				await state.storage.sync();
				state.abort("lost the answer");
			})
			.catch(() => undefined);
		const again = agentOf("aborted");
		expect(await again.send([note(2)], { producerSeq: 2 })).toMatchObject({
			ok: true,
			seq: 2,
			duplicate: true,
		});
		expect((await again.events()).map(([seq]) => seq)).toEqual([1, 2]);
	});

	test("STREAM-1: aborted in the turn of the append, nothing of it is there, and it is sent again", async () => {
		const agent = agentOf("aborted-early");
		await agent.send([note(1)], { producerSeq: 1 });
		await agent
			.inside((instance, state) => {
				void instance.append({
					town: TOWN,
					agent: "aborted-early",
					producer: "p1",
					producerSeq: 2,
					attempt: null,
					bead: null,
					events: [note(2)],
				});
				state.abort("in the same turn");
			})
			.catch(() => undefined);
		const again = agentOf("aborted-early");
		expect(await again.send([note(2)], { producerSeq: 2 })).toMatchObject({
			ok: true,
			seq: 2,
			duplicate: false,
		});
		expect((await again.events()).map(([seq]) => seq)).toEqual([1, 2]);
	});

	test("STREAM-1: the rows that an append reads and writes do not depend on what is stored", () =>
		runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_, { storage }) => {
			let rows = 0;
			const all = <T>(query: string, ...bindings: SqlValue[]): T[] => {
				const cursor = storage.sql.exec(query, ...bindings);
				const found = cursor.toArray() as T[];
				rows += cursor.rowsRead + cursor.rowsWritten;
				return found;
			};
			const sql: Sql = {
				all,
				one: <T>(query: string, ...bindings: SqlValue[]) => all<T>(query, ...bindings)[0] ?? null,
				run: (query, ...bindings) => void all(query, ...bindings),
				transaction: (fn) => storage.transactionSync(fn),
			};
			const stream = new AgentStream({
				sql,
				limits: () => STREAM_LIMITS,
				clock: () => 1_000,
				random: () => crypto.randomUUID(),
			});
			const costs: number[] = [];
			for (let producerSeq = 1; producerSeq <= 3_000; producerSeq++) {
				rows = 0;
				const events = [note(producerSeq)];
				stream.append(
					{ town: TOWN, agent: "a", producer: "p", producerSeq, attempt: null, bead: null, events },
					50,
				);
				costs.push(rows);
			}
			expect(new Set(costs.slice(1)).size).toBe(1);
			expect(costs.at(-1)).toBeLessThanOrEqual(4);
		}));

	test("STREAM-1: evicted, it goes on where it was", async () => {
		const agent = agentOf("evicted");
		await agent.send([note(1), note(2)]);
		await evictDurableObject(env.AGENT.getByName("evicted"));
		expect(await agent.send([note(3)])).toMatchObject({ ok: true, seq: 3, duplicate: false });
		expect((await agent.events()).map(([seq]) => seq)).toEqual([1, 2, 3]);
	});

	test("STREAM-1: events that are not as expected are stored as they came", async () => {
		const agent = agentOf("odd");
		const odd = [null, 3, "text", [], { info: 1, part: [], sessionID: 4 }];
		await agent.send(odd.map((properties) => event("message.part.updated", properties)));
		expect((await agent.events()).map(([, , , , properties]) => properties)).toEqual(odd);
	});
});

test("SESSION-4: what a follower gets is what is stored, and is of the protocol", async () => {
	const agent = agentOf("text");
	const follower = new Follower();
	await agent.send([note(1, 'quote " and \\ and 日本')]);
	await follower.open(agent);
	await follower.subscribe(null).reach(1);
	const [stored] = await agent.segments();
	expect(follower.texts[0]).toContain(stored?.text);
	expect(streamSchema.parse(follower.frames[0])).toMatchObject({ reset: "first", horizon: 1, agent: "text" });
});
