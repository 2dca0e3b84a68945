import fc from "fast-check";
import { expect, test } from "vitest";
import { CLOSE, LIMITS, PROTOCOL_VERSION } from "../../../shared/protocol/index.ts";
import { Feeds, TOWN_FEED } from "../../../worker/admin-session/feeds.ts";
import { read } from "../../../worker/admin-session/inbox.ts";
import { Viewer } from "../../../worker/admin-session/viewer.ts";

const newViewer = () =>
	new Viewer({} as WebSocket, {
		id: "v",
		admin: { id: "a", email: "a@example.test", name: "A" },
		since: 0,
		expiresAt: 1,
		opened: null,
		focus: null,
		intention: null,
	});

const kinds = ["hello", "follow", "unfollow", "credit", "propose", "query", "focus", "ping", "renew", "x"];
const like = fc.record(
	{
		t: fc.constantFrom(...kinds),
		id: fc.oneof(fc.string(), fc.jsonValue()),
		version: fc.oneof(fc.constant(PROTOCOL_VERSION), fc.jsonValue()),
		cursor: fc.jsonValue(),
		question: fc.jsonValue(),
		params: fc.jsonValue(),
		bytes: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
		__proto__: fc.jsonValue(),
	},
	{ requiredKeys: ["t"] },
);

test("SEC-3: whatever comes in is a message, a refusal that can be answered, or a close with a documented code", () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.json(),
				like.map((value) => JSON.stringify(value)),
				fc.constant(new ArrayBuffer(4)),
			),
			(raw) => {
				const got = read(newViewer(), raw, 0);
				if (got.kind === "close") expect(Object.values(CLOSE)).toContain(got.code);
				else if (got.kind === "refuse") expect(got.message.length).toBeGreaterThan(0);
				else expect(kinds).toContain(got.message.t);
			},
		),
		{ numRuns: 2_000 },
	);
});

test("SEC-3: the count begins anew each minute", () => {
	const viewer = newViewer();
	const focus = JSON.stringify({ t: "focus", id: "f", on: null });
	for (let n = 0; n < LIMITS.messagesPerMinute; n++) expect(read(viewer, focus, 1_000).kind).toBe("message");
	expect(read(viewer, focus, 59_999)).toMatchObject({ kind: "close", code: CLOSE.tooMany });
	expect(read(viewer, focus, 61_000).kind).toBe("message");
	const ping = JSON.stringify({ t: "ping", id: "p" });
	for (let n = 0; n < LIMITS.pingsPerMinute; n++) expect(read(viewer, ping, 61_000).kind).toBe("message");
	expect(read(viewer, ping, 61_000)).toMatchObject({ kind: "close", code: CLOSE.tooMany });
});

test("SESSION-1: a session has at most forty feeds, and never asks for more than six upgrades at once", async () => {
	let asked = 0;
	const stub = {
		fetch: () => {
			asked++;
			return new Promise<Response>(() => {});
		},
	};
	const namespace = { getByName: () => stub };
	const feeds = new Feeds({
		env: { TOWN: namespace, AGENT: namespace } as unknown as Env,
		town: () => "t",
		clock: () => 0,
		random: () => 0,
		lingerMs: () => 0,
		joinMs: () => 0,
		on: { frame() {}, restarted() {}, pulse() {}, changed() {} },
	});
	expect(feeds.hold(TOWN_FEED, "v", null)).not.toBeNull();
	for (let n = 1; n < 40; n++) expect(feeds.hold(`agent-${n}`, "v", null)).not.toBeNull();
	expect(feeds.hold("one-more", "v", null)).toBeNull();
	expect(feeds.hold("agent-7", "w", null)).not.toBeNull();
	await Promise.resolve();
	expect(asked).toBe(6);
	expect(feeds.states).toHaveLength(40);
	feeds.releaseAll("v");
	await expect.poll(() => feeds.states.map(({ feed }) => feed)).toEqual(["agent-7"]);
	feeds.releaseAll("w");
	await expect.poll(() => feeds.states).toEqual([]);
});
