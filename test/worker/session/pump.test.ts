import { expect, test } from "vitest";
import { type Position, sizeOf } from "../../../shared/protocol/index.ts";
import type { Feed, Feeds } from "../../../worker/admin-session/feeds.ts";
import { baseOf } from "../../../worker/admin-session/hearing.ts";
import { Pump } from "../../../worker/admin-session/pump.ts";
import { type Base, Tail } from "../../../worker/admin-session/tail.ts";
import { Viewer } from "../../../worker/admin-session/viewer.ts";

const at = (seq: number, mark = `m${seq}`): Position => ({ epoch: "e", seq, mark });
const stateAt = (seq: number, mark?: string) =>
	baseOf(
		at(seq, mark),
		["a", "b", "c"].map((part) => `state ${seq}${mark ?? ""} ${part}`),
	);
const frame = (n: number) => ({ from: n, to: n, mark: `m${n}`, text: `changes ${n}` });

/** A town's feed at 5 with its state there, and a page that has credit for one chunk at a time. */
function kit() {
	const tail = new Tail();
	tail.restart(at(5));
	const feed = { name: "town", tail, base: stateAt(5), upstream: { live: true } };
	const feeds = { get: () => feed, base: () => feed.base } as unknown as Feeds;
	const pump = new Pump(feeds, { gone: () => false, lagging: () => {} });
	const sent: string[] = [];
	const socket = { send: (text: string) => sent.push(text) } as unknown as WebSocket;
	const viewer = new Viewer(socket, {
		...{ id: "v", admin: { id: "a", email: "a@example.test", name: "A" } },
		...{ since: 0, expiresAt: 1, opened: null, focus: null, intention: null },
	});
	const reader = viewer.read("town", null, 0);
	return {
		sent,
		reader,
		feed: feed as { base: Base; tail: Tail } & Feed,
		/** Credit for exactly one more text. */
		next() {
			viewer.credit = 1;
			pump.run(viewer);
		},
	};
}

test("SESSION-5: a state begun for a slow page is finished, though a newer one has been read, and goes on from there", () => {
	const { sent, feed, next, reader } = kit();
	next();
	for (const n of [6, 7]) feed.tail.append(frame(n));
	feed.base = stateAt(7);
	for (let n = 0; n < 4; n++) next();
	expect(sent).toEqual(["state 5 a", "state 5 b", "state 5 c", "changes 6", "changes 7"]);
	expect(reader.cursor).toEqual(at(7));
});

test("FEED-2: a state begun is started over where the tail no longer goes on from it", () => {
	const cases: Record<string, (feed: Feed) => Base> = {
		"its frames were dropped": ({ tail }) => {
			for (const n of [6, 7]) tail.append(frame(n));
			tail.dropOldest();
			return stateAt(7);
		},
		"the past was taken back": ({ tail }) => {
			tail.restart(at(3));
			return stateAt(3);
		},
		"another past stands there": ({ tail }) => {
			tail.restart(at(5, "other"));
			return stateAt(5, "other");
		},
	};
	for (const [why, happen] of Object.entries(cases)) {
		const { sent, feed, next } = kit();
		next();
		feed.base = happen(feed);
		for (let n = 0; n < 3; n++) next();
		expect(sent, why).toEqual(["state 5 a", ...feed.base.chunks]);
	}
});

test("SESSION-5: a state read ahead of what the feed has heard is sent once", () => {
	const { sent, feed, next } = kit();
	feed.base = stateAt(9);
	for (let n = 0; n < 3; n++) next();
	expect(sent).toEqual(feed.base.chunks);
});

test("SESSION-5: what is sent of a state costs its size", () => {
	const { sent, next, reader } = kit();
	next();
	expect(sent).toHaveLength(1);
	expect(reader.base).toMatchObject({ part: 1, base: { size: 3 * sizeOf("state 5 a") } });
});
