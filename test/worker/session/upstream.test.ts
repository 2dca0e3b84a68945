import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
	FEED_PING,
	FEED_PONG,
	FEED_REPLACED,
	type FeedState,
	type Position,
} from "../../../shared/protocol/index.ts";
import { Tail } from "../../../worker/admin-session/tail.ts";
import { Upstream } from "../../../worker/admin-session/upstream.ts";

beforeEach(() =>
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] }),
);
afterEach(() => vi.useRealTimers());

const at = (seq: number): Position => ({ epoch: "e", seq, mark: `m${seq}` });
const head = (seq: number) => JSON.stringify({ t: "head", position: at(seq), horizon: 1, now: 1_000 });
const frame = (from: number, to: number) =>
	JSON.stringify({ t: "changes", epoch: "e", from, to, mark: `m${to}`, sent_at: 1, batches: [] });

/** A source of the test's own at the other end of a real socket pair. */
function kit(answer: (n: number) => Response | null = () => null) {
	const sources: WebSocket[] = [];
	const heard: string[] = [];
	const frames: number[] = [];
	let now = 0;
	let tries = 0;
	const told: FeedState[] = [];
	const tail = new Tail();
	const upstream = new Upstream({
		feed: "town",
		tail,
		joinMs: () => 0,
		clock: () => now,
		random: () => 1,
		begin: () => ({ cursor: at(5) }),
		async connect() {
			const refused = answer(++tries);
			if (refused) return refused;
			const { 0: client, 1: server } = new WebSocketPair();
			server.accept();
			server.addEventListener("message", ({ data }) => {
				heard.push(String(data));
			});
			sources.push(server);
			return new Response(null, { status: 101, webSocket: client });
		},
		on: {
			frame: ({ to }) => frames.push(to),
			restarted() {},
			pulse() {},
			changed: () => told.push(upstream.status),
		},
	});
	const state = () => upstream.status.state;
	const becomes = (wanted: string) => expect.poll(state, { timeout: 2_000, interval: 1 }).toBe(wanted);
	return {
		upstream,
		tail,
		heard,
		frames,
		state,
		becomes,
		tries: () => tries,
		told,
		now: () => now,
		say: (text: string) => sources.at(-1)?.send(text),
		end: (code: number) => sources.at(-1)?.close(code, ""),
		async pass(ms: number) {
			now += ms;
			await vi.advanceTimersByTimeAsync(ms);
		},
	};
}

test("SESSION-6: a source that stops answering pings is left after 15 s, and asked again", async () => {
	const { upstream, say, becomes, pass, heard, tries, told, state } = kit();
	upstream.want();
	await becomes("replaying");
	say(head(5));
	await becomes("live");
	await pass(5_000);
	await expect.poll(() => heard.filter((text) => text === FEED_PING).length).toBe(1);
	say(FEED_PONG);
	await expect.poll(() => upstream.status.heard_at).toBe(5_000);
	await pass(10_000);
	expect(state()).toBe("live");
	await pass(5_000);
	// Polling lets some of the timers' time pass too: it may have been asked again by now.
	const left = told.find(({ state }) => state === "waiting");
	expect(left).toMatchObject({ next_at: 20_250 });
	expect(left?.reason).toContain("15 s");
	await pass(250);
	await becomes("replaying");
	expect(tries()).toBe(2);
});

test("SESSION-2: viewers are told of a feed when its state changes, and not at every ping", async () => {
	const { upstream, say, becomes, pass, heard, told } = kit();
	upstream.want();
	await becomes("replaying");
	say(head(5));
	await becomes("live");
	const before = told.length;
	for (let n = 1; n <= 4; n++) {
		await pass(5_000);
		await expect.poll(() => heard.filter((text) => text === FEED_PING).length).toBe(n);
		say(FEED_PONG);
		await expect.poll(() => upstream.status.heard_at).toBe(n * 5_000);
	}
	expect(told).toHaveLength(before);
	for (let n = 0; n < 3; n++) await pass(5_000);
	expect(told[before]).toMatchObject({ state: "waiting", heard_at: 20_000 });
});

test("FEED-2: a hole is never passed on: the feed subscribes again where it was, and counts it", async () => {
	const { upstream, say, becomes, heard, frames, tail } = kit();
	upstream.want();
	await expect.poll(() => heard.length).toBe(1);
	expect(JSON.parse(heard[0] ?? "")).toEqual({ t: "subscribe", cursor: at(5) });
	say(frame(6, 7));
	say(head(7));
	await becomes("live");
	say(frame(9, 9));
	await becomes("replaying");
	// Sent before the new subscription was read: it does not follow, and is not taken.
	say(frame(10, 10));
	await expect.poll(() => heard.length).toBe(2);
	expect(JSON.parse(heard[1] ?? "")).toEqual({ t: "subscribe", cursor: at(7) });
	say(frame(8, 10));
	say(head(10));
	await becomes("live");
	expect(frames).toEqual([7, 10]);
	expect(tail.head).toEqual(at(10));
	expect(upstream.status.gaps).toBe(1);
});

test("SESSION-2: a source whose head is never reached is left for a while, not asked in a loop", async () => {
	const { upstream, say, becomes, heard, pass } = kit();
	upstream.want();
	await becomes("replaying");
	for (let n = 1; n <= 3; n++) {
		await expect.poll(() => heard.length).toBe(n);
		say(head(99));
	}
	await becomes("waiting");
	expect(upstream.status.reason).toContain("contradicts");
	await pass(250);
	await becomes("replaying");
});

test("SESSION-2: refused upgrades wait longer each time; a forbidden one is not tried again", async () => {
	const { upstream, becomes, pass, tries, now } = kit((n) =>
		n < 4
			? new Response("the town restarts", { status: 503 })
			: new Response("another town's", { status: 403 }),
	);
	upstream.want();
	for (const [n, wait] of [250, 500, 1_000].entries()) {
		await expect.poll(() => upstream.status).toMatchObject({ state: "waiting", attempt: n + 1 });
		expect(upstream.status).toMatchObject({ reason: "the town restarts", next_at: now() + wait });
		await pass(wait);
	}
	await becomes("idle");
	expect(upstream.status.reason).toBe("another town's");
	await pass(60_000);
	expect(tries()).toBe(4);
});

test("SESSION-6: an instance whose feed was taken over does not fight for it; one that is wanted opens it again", async () => {
	const { upstream, say, end, becomes, pass, tries } = kit();
	upstream.want();
	await becomes("replaying");
	say(head(5));
	await becomes("live");
	end(FEED_REPLACED);
	await becomes("idle");
	await pass(60_000);
	expect(tries()).toBe(1);
	upstream.want();
	await becomes("replaying");
});
