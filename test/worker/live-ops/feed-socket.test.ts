import { env, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { FEED_PATH, LIMITS, SUBSCRIBER_HEADER, type Subscribe } from "../../../shared/protocol/index.ts";
import { FeedSocket, type FeedSource } from "../../../worker/live-ops/feed-socket.ts";

/** A feed of numbers, counting what it is asked to build. */
class Numbers implements FeedSource {
	seq = 0;
	built = 0;
	replayed = 0;
	fails = false;
	head = () => ({ epoch: "e", seq: this.seq, mark: `m${this.seq}` });
	horizon = () => 0;
	/** Characters of one frame, of which each has one number, or 0 for one frame of all. */
	frame = 0;
	/** Numbers that are no longer there. */
	gone = 0;
	replay = ({ cursor }: Subscribe) => {
		this.replayed++;
		return { after: cursor?.seq ?? 0 };
	};
	*after(seq: number) {
		this.built++;
		if (this.fails) throw new Error("unreadable");
		if (this.frame === 0) yield { from: seq + 1, to: this.seq, text: `${seq + 1}-${this.seq}` };
		else
			for (let n = Math.max(seq, this.gone) + 1; n <= this.seq; n++)
				yield { from: n, to: n, text: `${n}`.padEnd(this.frame, ".") };
	}
}

const SUBSCRIBE = '{"t":"subscribe","cursor":null}';
const upgrade = (name: string) =>
	new Request(`https://watched${FEED_PATH}`, {
		headers: { upgrade: "websocket", [SUBSCRIBER_HEADER]: name },
	});

type Bench = {
	ctx: DurableObjectState;
	feed: FeedSocket;
	source: Numbers;
	open(name: string): WebSocket;
	/** What was sent to the newest socket, and is now taken: by its first word. */
	heard(): string[];
	/** Moves the feed's time, which nothing else does. */
	pass(ms: number): void;
};

const withFeed = (fn: (bench: Bench) => Promise<void>) =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), async (_object, ctx) => {
		const source = new Numbers();
		let now = 0;
		let timers: { at: number; then: () => void }[] = [];
		const later = (then: () => void, ms: number) => void timers.push({ at: now + ms, then });
		const pass = (ms: number) => {
			now += ms;
			const due = timers.filter(({ at }) => at <= now);
			timers = timers.filter(({ at }) => at > now);
			for (const { then } of due) then();
		};
		const texts: string[] = [];
		const feed = new FeedSocket({ ctx, clock: () => 1, tag: "numbers", source, later });
		/** The object's end of a new socket. */
		const open = (name: string) => {
			const known = new Set(ctx.getWebSockets("numbers"));
			feed.fetch(upgrade(name)).webSocket?.accept();
			const [ws] = ctx.getWebSockets("numbers").filter((each) => !known.has(each));
			if (!ws) throw new Error("no socket was accepted");
			const send = ws.send.bind(ws);
			ws.send = (text) => {
				send(text);
				texts.push(String(text).startsWith("{") ? "head" : (/^[^.]+/.exec(String(text))?.[0] ?? ""));
			};
			return ws;
		};
		await fn({ ctx, feed, source, open, heard: () => texts.splice(0), pass });
	});

const microtasks = async () => {
	for (let i = 0; i < 5; i++) await Promise.resolve();
};

test("FEED-8: a frame is built once for all sockets at the same place", () =>
	withFeed(async ({ feed, source, open }) => {
		const sockets = ["a", "b", "c"].map(open);
		for (const ws of sockets) feed.webSocketMessage(ws, SUBSCRIBE);
		source.built = 0;
		source.seq = 5;
		feed.publish();
		await microtasks();
		expect(source.built).toBe(1);
	}));

test("FEED-8: nothing is built when nobody has subscribed", () =>
	withFeed(async ({ feed, source, open, pass }) => {
		open("a");
		expect(feed.followed).toBe(false);
		source.seq = 1;
		feed.publish();
		pass(2 * LIMITS.frameMs);
		expect(source.built).toBe(0);
	}));

test("FEED-8: the first change goes out at once, what follows within 16 ms as one frame, and then no timer runs", () =>
	withFeed(async ({ feed, source, open, heard, pass }) => {
		feed.webSocketMessage(open("a"), SUBSCRIBE);
		expect(heard()).toEqual(["head"]);
		const write = async () => {
			source.seq++;
			feed.publish();
			await microtasks();
		};
		await write();
		expect(heard()).toEqual(["1-1"]);
		await write();
		pass(LIMITS.frameMs - 1);
		await write();
		expect(heard()).toEqual([]);
		pass(1);
		expect(heard()).toEqual(["2-3"]);
		pass(LIMITS.frameMs);
		source.built = 0;
		pass(1_000);
		expect(source.built).toBe(0);
		await write();
		expect(heard()).toEqual(["4-4"]);
	}));

test("FEED-3: who is far behind is brought up in several turns, and what happens meanwhile follows in its place", () =>
	withFeed(async ({ feed, source, open, heard, pass }) => {
		Object.assign(source, { frame: LIMITS.chunkBytes, seq: 10 });
		feed.webSocketMessage(open("far"), SUBSCRIBE);
		expect(heard()).toEqual(["1", "2", "3", "4"]);
		source.seq = 11;
		feed.publish();
		await microtasks();
		pass(LIMITS.frameMs);
		pass(LIMITS.frameMs);
		pass(LIMITS.frameMs);
		expect(heard()).toEqual(["5", "6", "7", "8", "9", "10", "11", "head"]);
	}));

test("FEED-3: what was compacted before a replay came to it closes the socket instead of being left out", () =>
	withFeed(async ({ feed, source, open, heard, pass }) => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		Object.assign(source, { frame: LIMITS.chunkBytes, seq: 10 });
		const ws = open("far");
		feed.webSocketMessage(ws, SUBSCRIBE);
		heard();
		source.gone = 7;
		pass(LIMITS.frameMs);
		expect(heard()).toEqual([]);
		expect(ws.readyState).toBeGreaterThan(WebSocket.OPEN);
		errors.mockRestore();
	}));

test("FEED-3: an object that ends within a replay greets the subscriber, which so goes on from its cursor", () =>
	withFeed(async ({ ctx, feed, source, open, heard }) => {
		Object.assign(source, { frame: LIMITS.chunkBytes, seq: 10 });
		const ws = open("far");
		feed.webSocketMessage(ws, SUBSCRIBE);
		expect(heard()).not.toContain("head");
		const next = new FeedSocket({ ctx, clock: () => 1, tag: "numbers", source });
		expect(next.followed).toBe(true);
		next.webSocketMessage(ws, '{"t":"subscribe","cursor":{"epoch":"e","seq":8,"mark":"m8"}}');
		// The greeting, and then what follows the cursor.
		expect(heard()).toEqual(["head", "9", "10", "head"]);
	}));

test("FEED-8: what a closed socket still says is not answered", () =>
	withFeed(async ({ feed, source, open }) => {
		const older = open("same");
		feed.webSocketMessage(older, SUBSCRIBE);
		open("same");
		source.replayed = 0;
		expect(feed.webSocketMessage(older, SUBSCRIBE)).toBe(true);
		expect(source.replayed).toBe(0);
		expect(feed.followed).toBe(false);
	}));

test("FEED-8: a source that cannot be read closes the socket and throws nowhere", () =>
	withFeed(async ({ feed, source, open }) => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const [live, late] = [open("live"), open("late")];
		feed.webSocketMessage(live, SUBSCRIBE);
		source.fails = true;
		source.seq = 1;
		feed.webSocketMessage(late, SUBSCRIBE);
		expect(late.readyState).toBeGreaterThan(WebSocket.OPEN);
		feed.publish();
		await microtasks();
		expect(live.readyState).toBeGreaterThan(WebSocket.OPEN);
		expect(errors).toHaveBeenCalledTimes(2);
		errors.mockRestore();
	}));

test("FEED-10: sockets of the host are left to the host, and so is its auto-response", () =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), async (_object, ctx) => {
		ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("host ping", "host pong"));
		const feed = new FeedSocket({ ctx, clock: () => 1, tag: "numbers", source: new Numbers() });
		expect(ctx.getWebSocketAutoResponse()?.request).toBe("host ping");
		const { 1: server } = new WebSocketPair();
		ctx.acceptWebSocket(server, ["host"]);
		expect(feed.webSocketMessage(server, "anything")).toBe(false);
		expect(feed.webSocketClose(server, 1000)).toBe(false);
		expect(server.readyState).toBe(WebSocket.OPEN);
	}));
