import { env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import {
	CLOSE,
	down,
	FEED_PATH,
	FEED_PING,
	FEED_REPLACED,
	head,
	LIMITS,
	type Pulse,
	SUBSCRIBER_HEADER,
} from "../../../shared/protocol/index.ts";
import { keyBy, Subscriber } from "../support/subscriber.ts";
import { because, WATCHED_TABLES, type WatchedDO } from "../support/watched-do.ts";

type Stub = DurableObjectStub<WatchedDO>;
const watched = (): Stub => env.WATCHED.get(env.WATCHED.newUniqueId());
const subscriber = () => new Subscriber(keyBy(WATCHED_TABLES));
const bump = (stub: Stub, ...ids: string[]) =>
	runInDurableObject(stub, (object: WatchedDO) => {
		for (const id of ids) object.bump(id);
		return object.live.head();
	});
const countOf = (reader: Subscriber, id: string) =>
	(reader.rows.get("things")?.get(id) as { count: number } | undefined)?.count;

test("FEED-3: the first subscription gets a whole state, then every change after it", async () => {
	const stub = watched();
	await bump(stub, "a", "b");
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.of("head").length === 1);
	expect(reader.heard.map((message) => message.t)).toEqual(["state", "head"]);
	expect(reader.of("state")[0]).toMatchObject({ reason: "first", part: 0, last: true, total: 2 });
	expect(reader.position?.seq).toBe(2);
	await bump(stub, "a");
	await reader.reach(3);
	expect(countOf(reader, "a")).toBe(1);
	for (const message of reader.heard)
		expect((message.t === "head" ? head : down).safeParse(message).error, message.t).toBeUndefined();
});

test("FEED-3: a cursor gets every change after it and no state, then live", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await bump(stub, "a");
	await reader.reach(1);
	reader.drop();
	await bump(stub, "a", "b");
	await bump(stub, "a");
	await reader.connect(stub);
	await reader.reach(4);
	await bump(stub, "c");
	await reader.reach(5);
	expect(reader.of("state")).toHaveLength(1);
	expect(reader.applied).toEqual([1, 2, 3, 4, 5]);
});

test("FEED-2: a cursor of another past gets a reset with its reason and a whole state", async () => {
	const stub = watched();
	const { epoch } = await bump(stub, "a", "b");
	const reasons = [];
	for (const cursor of [
		{ epoch: "other", seq: 1, mark: "" },
		{ epoch, seq: 9, mark: "" },
		{ epoch, seq: 1, mark: "forged" },
	]) {
		const reader = await subscriber().open(stub);
		reader.subscribe(cursor);
		await reader.reach(2);
		expect(reader.rows.get("things")?.size).toBe(2);
		reasons.push(reader.of("state")[0]?.reason);
	}
	expect(reasons).toEqual(["epoch", "ahead", "mark"]);
});

test("FEED-5: a subscription in the turn of a write gets its whole step, once", async () => {
	const stub = watched();
	const reader = await subscriber().open(stub);
	await runInDurableObject(stub, (object: WatchedDO, ctx) => {
		object.bump("a");
		for (const ws of ctx.getWebSockets()) object.webSocketMessage(ws, '{"t":"subscribe","cursor":null}');
	});
	await reader.reach(1);
	await bump(stub, "a");
	await reader.reach(2);
	expect(reader.of("state")[0]?.position.seq).toBe(1);
	expect(reader.of("changes").flatMap((frame) => frame.batches.map((batch) => batch.from))).toEqual([2]);
});

test("FEED-3: a large state comes in chunks of at most 256 KB, read at one position", async () => {
	const stub = watched();
	await runInDurableObject(stub, ({ live }: WatchedDO) =>
		live.run(because("fill"), () => {
			for (let i = 0; i < 400; i++)
				live.sql.run("INSERT INTO things (id, title) VALUES (?, ?)", `t${i}`, "é".repeat(2_000));
			for (let i = 0; i < 2_000; i++) live.sql.run("INSERT INTO pairs (a, b) VALUES ('p', ?)", i);
			live.sql.run("INSERT INTO notes (body) VALUES ('journals are in no state')");
		}),
	);
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.of("head").length === 1);
	const chunks = reader.of("state");
	expect(chunks.length).toBeGreaterThan(5);
	for (const text of reader.texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMITS.chunkBytes);
	expect(chunks.map((chunk) => chunk.part)).toEqual(chunks.map((_, i) => i));
	expect(chunks.map((chunk) => chunk.last)).toEqual(chunks.map((_, i) => i === chunks.length - 1));
	expect(new Set(chunks.map((chunk) => chunk.position.seq))).toEqual(new Set([2_401]));
	expect([...reader.rows.keys()]).toEqual(["things", "pairs"]);
	expect(reader.rows.get("things")?.size).toBe(400);
	expect(reader.rows.get("pairs")?.size).toBe(2_000);
	expect(chunks[0]?.total).toBe(2_400);
});

test("FEED-4: a journal's rows are live as changes and in no state", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.position !== null);
	await runInDurableObject(stub, ({ live }: WatchedDO) =>
		live.run(because("note"), () => live.sql.run("INSERT INTO notes (body) VALUES ('n')")),
	);
	await reader.reach(1);
	expect(reader.rows.get("notes")?.size).toBe(1);
});

test("FEED-8: the first change goes out in its own turn, those that follow within 16 ms in one frame", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.of("head").length === 1);
	await runInDurableObject(stub, async (object: WatchedDO) => {
		object.bump("a");
		// Microtasks only: no timer can fire in this turn, however slow the machine.
		for (let i = 0; i < 5; i++) await Promise.resolve();
		for (let i = 0; i < 20; i++) {
			object.bump("a");
			await Promise.resolve();
		}
	});
	await reader.reach(21);
	expect(reader.of("changes").map((frame) => frame.batches.length)).toEqual([1, 20]);
});

test("FEED-8: frames are at least 16 ms apart, and there is no timer when idle", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.of("head").length === 1);
	const frames = await runInDurableObject(stub, async (object: WatchedDO) => {
		const start = Date.now();
		// A machine that is busy writes seldom: then it takes longer.
		for (let n = 0; n < 20 || Date.now() - start < 200; n++) {
			object.bump("a");
			await scheduler.wait(1);
		}
		return (Date.now() - start) / LIMITS.frameMs;
	});
	await reader.until((self) => (countOf(self, "a") ?? 0) > 10);
	// A pending timer would hold this up for 30 s.
	await evictDurableObject(stub);
	expect(reader.of("changes").length).toBeGreaterThan(3);
	expect(reader.of("changes").length).toBeLessThanOrEqual(Math.ceil(frames) + 2);
});

test("FEED-8: one frame is built for all sockets at the same place", async () => {
	const stub = watched();
	const readers = await Promise.all(["one", "two", "three"].map((name) => subscriber().connect(stub, name)));
	await Promise.all(readers.map((reader) => reader.until((self) => self.of("head").length === 1)));
	await bump(stub, "a");
	await Promise.all(readers.map((reader) => reader.reach(1)));
	expect(new Set(readers.map((reader) => reader.texts.at(-1))).size).toBe(1);
});

test("FEED-8: a newer subscription of the same session closes the older, and no other", async () => {
	const stub = watched();
	const other = await subscriber().connect(stub, "other");
	const older = await subscriber().connect(stub, "session");
	await older.until((self) => self.of("head").length === 1);
	const newer = await subscriber().connect(stub, "session");
	await older.until((self) => self.closed !== null);
	expect(older.closed?.code).toBe(FEED_REPLACED);
	await bump(stub, "a");
	await newer.reach(1);
	await other.reach(1);
	expect(older.applied).toEqual([]);
	expect(other.closed).toBeNull();
});

test("FEED-8: an evicted object wakes with its sockets, and a subscriber goes on where it was", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await bump(stub, "a");
	await reader.reach(1);
	for (let i = 0; i < 3; i++) {
		await evictDurableObject(stub);
		await bump(stub, "a", "b");
		await reader.reach(3 + 2 * i);
	}
	expect(reader.applied).toEqual([1, 2, 3, 4, 5, 6, 7]);
	const sent = reader.of("changes").flatMap((frame) => frame.batches.map((batch) => batch.to));
	expect(sent, "nothing is sent twice").toEqual(reader.applied);
	expect(reader.of("state")).toHaveLength(1);
	expect(countOf(reader, "a")).toBe(3);
});

test("FEED-8: on construction every socket behind the head is told, and resumes", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await bump(stub, "a");
	await reader.reach(1);
	// Written by an instance that could not send it any more.
	await runInDurableObject(stub, async (object: WatchedDO, ctx) => {
		for (const ws of ctx.getWebSockets("live-ops")) ws.send = () => undefined;
		object.bump("b");
		await scheduler.wait(2 * LIMITS.frameMs);
	});
	expect(reader.position?.seq).toBe(1);
	await evictDurableObject(stub);
	await runInDurableObject(stub, () => undefined);
	await reader.reach(2);
	expect(reader.of("state")).toHaveLength(1);
	expect(reader.applied).toEqual([1, 2]);
});

test("FEED-7: what was not durable was never shown: write, send and abort in one turn", async () => {
	const id = env.WATCHED.newUniqueId();
	const reader = await subscriber().connect(env.WATCHED.get(id));
	await reader.until((self) => self.of("head").length === 1);
	const lost = runInDurableObject(env.WATCHED.get(id), async (object: WatchedDO, ctx) => {
		object.bump("lost");
		// Batch and frame are made by microtasks of this turn.
		for (let i = 0; i < 10; i++) await Promise.resolve();
		ctx.abort("crash");
	});
	await expect(lost).rejects.toThrow("crash");
	await reader.until((self) => self.closed !== null);
	expect(reader.of("changes")).toEqual([]);
	await runInDurableObject(env.WATCHED.get(id), (object: WatchedDO) => {
		expect(object.live.head().seq).toBe(0);
		expect(object.live.row("things", "lost")).toBeNull();
	});

	const again = await subscriber().connect(env.WATCHED.get(id));
	await again.until((self) => self.of("head").length === 1);
	await bump(env.WATCHED.get(id), "kept");
	await again.reach(1);
	const crash = runInDurableObject(env.WATCHED.get(id), (_object, ctx) => ctx.abort("crash"));
	await expect(crash).rejects.toThrow("crash");
	await again.until((self) => self.closed !== null);
	expect(again.applied).toEqual([1]);
	await runInDurableObject(env.WATCHED.get(id), (object: WatchedDO) => {
		expect(object.live.row("things", "kept")).not.toBeNull();
	});
});

test("FEED-9: a pulse reaches subscribers, and leaves no change behind", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.of("head").length === 1);
	const pulse: Pulse = { t: "pulse", at: 1, agents: [], container: null, scheduler: null };
	const written = await runInDurableObject(stub, ({ live }: WatchedDO, ctx) => {
		const rows = () => ctx.storage.sql.exec("SELECT count(*) AS n FROM change_log").one().n;
		live.pulse(pulse);
		return rows();
	});
	await reader.until((self) => self.of("pulse").length === 1);
	expect(reader.of("pulse")).toEqual([pulse]);
	expect(written).toBe(0);
});

test("SESSION-6: a ping is answered without waking the object", async () => {
	const stub = watched();
	const reader = await subscriber().connect(stub);
	await reader.until((self) => self.of("head").length === 1);
	await evictDurableObject(stub);
	reader.send(FEED_PING);
	await reader.until((self) => self.of("pong").length === 1);
	expect(reader.of("head"), "no new instance has greeted it").toHaveLength(1);
});

test.each([
	["no JSON", "{"],
	["another message", '{"t":"hello"}'],
	["a bad cursor", '{"t":"subscribe","cursor":{"seq":-1}}'],
	["bytes", new ArrayBuffer(8)],
])("FEED-8: malformed input closes its socket and no other: %s", async (_name, message) => {
	const stub = watched();
	const bad = await subscriber().open(stub, "bad");
	const good = await subscriber().connect(stub, "good");
	bad.send(message);
	await bad.until((self) => self.closed !== null);
	expect(bad.closed?.code).toBe(CLOSE.badMessage);
	await bump(stub, "a");
	await good.reach(1);
});

test.each([1000, 3000, 4999, undefined])("FEED-8: a close with code %s is answered", async (code) => {
	const stub = watched();
	const response = await stub.fetch(`https://watched${FEED_PATH}`, {
		headers: { upgrade: "websocket", [SUBSCRIBER_HEADER]: "s" },
	});
	const ws = response.webSocket as WebSocket;
	const closed = new Promise<CloseEvent>((resolve) => ws.addEventListener("close", resolve));
	ws.accept();
	if (code) ws.close(code, "bye");
	else ws.close();
	expect((await closed).code).toBe(code ?? 1000);
	expect(await runInDurableObject(stub, (_object, ctx) => ctx.getWebSockets("live-ops").length)).toBe(0);
});

test.each([
	[404, "/elsewhere", { upgrade: "websocket", [SUBSCRIBER_HEADER]: "s" }],
	[426, FEED_PATH, { [SUBSCRIBER_HEADER]: "s" }],
	[400, FEED_PATH, { upgrade: "websocket" }],
] as const)("FEED-8: what is no subscription is refused with %s", async (status, path, headers) => {
	const response = await watched().fetch(`https://watched${path}`, { headers });
	expect(response.status).toBe(status);
});
