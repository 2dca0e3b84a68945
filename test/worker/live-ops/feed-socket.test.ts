import { env, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { FEED_PATH, LIMITS, SUBSCRIBER_HEADER } from "../../../shared/protocol/index.ts";
import { FeedSocket, type FeedSource } from "../../../worker/live-ops/feed-socket.ts";

/** A feed of numbers, counting what it is asked to build. */
class Numbers implements FeedSource {
	seq = 0;
	built = 0;
	replayed = 0;
	fails = false;
	head = () => ({ epoch: "e", seq: this.seq, mark: `m${this.seq}` });
	horizon = () => 0;
	replay = () => {
		this.replayed++;
		return this.after(0);
	};
	after = (seq: number) => {
		this.built++;
		if (this.fails) throw new Error("unreadable");
		return [`${seq + 1}-${this.seq}`];
	};
}

const SUBSCRIBE = '{"t":"subscribe","cursor":null}';
const upgrade = (name: string) =>
	new Request(`https://watched${FEED_PATH}`, {
		headers: { upgrade: "websocket", [SUBSCRIBER_HEADER]: name },
	});

type Bench = { ctx: DurableObjectState; feed: FeedSocket; source: Numbers; open(name: string): WebSocket };

const withFeed = (fn: (bench: Bench) => Promise<void>) =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), async (_object, ctx) => {
		const source = new Numbers();
		const feed = new FeedSocket({ ctx, clock: () => 1, tag: "numbers", source });
		/** The object's end of a new socket. */
		const open = (name: string) => {
			const known = new Set(ctx.getWebSockets("numbers"));
			feed.fetch(upgrade(name)).webSocket?.accept();
			const [ws] = ctx.getWebSockets("numbers").filter((each) => !known.has(each));
			if (!ws) throw new Error("no socket was accepted");
			return ws;
		};
		await fn({ ctx, feed, source, open });
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
	withFeed(async ({ feed, source, open }) => {
		open("a");
		expect(feed.followed).toBe(false);
		source.seq = 1;
		feed.publish();
		await scheduler.wait(2 * LIMITS.frameMs);
		expect(source.built).toBe(0);
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
		feed.webSocketMessage(late, SUBSCRIBE);
		expect(late.readyState).toBeGreaterThan(WebSocket.OPEN);
		source.seq = 1;
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
