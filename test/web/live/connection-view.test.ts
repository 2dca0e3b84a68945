// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { FeedState, FeedStateName } from "../../../shared/protocol/index.ts";
import { type ConnectionFacts, connectionView, whyNoActions } from "../../../web/live/connection-view.ts";
import { firstSocketState, type SocketState } from "../../../web/live/socket-state.ts";

const T = 1_000_000;

const socket = (is: SocketState["is"], extra: Partial<SocketState> = {}): SocketState => ({
	...firstSocketState(T),
	is,
	down: is === "welcomed" ? null : T,
	...extra,
});

const feed = (state: FeedStateName, extra: Partial<FeedState> = {}): FeedState => ({
	feed: "town",
	state,
	since: T,
	heard_at: T,
	attempt: 1,
	next_at: null,
	reason: null,
	gaps: 0,
	...extra,
});

const facts = (extra: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
	now: T,
	socket: socket("welcomed"),
	heardAt: T,
	hasState: true,
	loading: null,
	town: feed("live"),
	sessionOffset: 0,
	awaitsHead: false,
	catchingUp: null,
	behindBytes: 0,
	behindSince: null,
	...extra,
});

const at = (ms: number, extra: Partial<ConnectionFacts> = {}) =>
	connectionView(facts({ now: T + ms, ...extra }));

describe("PAGE-1: what the page says of its sight, cell by cell", () => {
	test("live: welcomed, the town's feed live, heard within 10 s", () => {
		expect(at(0)).toEqual({ is: "live" });
		expect(at(9_999)).toEqual({ is: "live" });
	});

	test("stale: open, but nothing heard for 10 s", () => {
		expect(at(10_000)).toEqual({ is: "stale", since: T, asOf: T });
		expect(at(14_999)).toMatchObject({ is: "stale" });
	});

	test("blind: nothing heard for 15 s, whatever the socket says", () => {
		expect(at(15_000)).toMatchObject({ is: "blind", since: T, asOf: T });
		for (const is of ["waiting", "connecting", "open"] as const)
			expect(at(15_000, { socket: socket(is) })).toMatchObject({ is: "blind", since: T, asOf: T });
	});

	test.each(["waiting", "connecting", "open"] as const)(
		"reconnecting while the socket is %s: for 2 s only the chip changes",
		(is) => {
			const lost = socket(is, { attempt: 3, nextAt: is === "waiting" ? T + 4_000 : null });
			expect(at(1_999, { socket: lost })).toMatchObject({ is: "reconnecting", quiet: true, asOf: T });
			expect(at(2_000, { socket: lost })).toMatchObject({ is: "reconnecting", quiet: false, attempt: 3 });
		},
	);

	test("loading: the first connection, and a first state on its way", () => {
		const none = { hasState: false, heardAt: null, town: undefined };
		expect(at(0, { ...none, socket: socket("connecting", { attempt: 1 }) })).toMatchObject({ is: "loading" });
		expect(at(0, { ...none, socket: socket("open", { attempt: 1 }) })).toMatchObject({ is: "loading" });
		const coming = { ...none, heardAt: T, town: feed("live"), loading: { rows: 1_240, total: 2_000 } };
		expect(at(0, coming)).toMatchObject({ is: "loading", rows: 1_240, total: 2_000 });
		expect(at(0, { ...none, heardAt: T })).toMatchObject({ is: "loading", rows: 0 });
	});

	test("not loading for ever: a first connection that fails is reconnecting, then blind, with nothing shown", () => {
		const none = { hasState: false, heardAt: null, town: undefined };
		expect(at(3_000, { ...none, socket: socket("waiting", { attempt: 2 }) })).toMatchObject({
			is: "reconnecting",
			asOf: null,
		});
		expect(at(15_000, { ...none, socket: socket("connecting", { attempt: 1 }) })).toMatchObject({
			is: "blind",
			asOf: null,
		});
	});

	test.each(["connecting", "waiting", "idle"] as const)(
		"blind: the session's feed of the town is %s; never shown as live meanwhile",
		(state) => {
			const town = feed(state, { since: T - 5_000, heard_at: T - 6_000, reason: "it was evicted" });
			expect(at(0, { town })).toMatchObject({ is: "blind", reason: "it was evicted", asOf: T - 6_000 });
			const fresh = feed(state, { since: T });
			expect(at(100, { town: fresh })).toMatchObject({ is: "reconnecting", quiet: true });
			expect(at(0, { town, hasState: false })).toMatchObject({ is: "blind" });
			expect(at(100, { town: fresh, hasState: false })).toMatchObject({ is: "loading" });
		},
	);

	test("blind: moments that the session tells are moved to this machine's clock", () => {
		const town = feed("waiting", {
			since: T + 60_000 - 5_000,
			heard_at: T + 60_000 - 7_000,
			next_at: T + 63_000,
		});
		expect(at(0, { town, sessionOffset: 60_000 })).toMatchObject({ asOf: T - 7_000, nextAt: T + 3_000 });
	});

	test("catching up: the feed replays, or this page does; loud after 300 ms", () => {
		expect(at(299, { town: feed("replaying") })).toMatchObject({ is: "catching-up", quiet: true });
		expect(at(300, { town: feed("replaying") })).toMatchObject({ is: "catching-up", quiet: false });
		const catchingUp = { since: T, done: 8_120, total: 10_000 };
		expect(at(300, { catchingUp, behindBytes: 5 })).toMatchObject({
			is: "catching-up",
			done: 8_120,
			total: 10_000,
		});
	});

	test("behind: past its window while it was live", () => {
		expect(at(0, { behindBytes: 120_400 })).toEqual({ is: "behind", bytes: 120_400 });
		// A little is on its way at any busy moment; where it stays, it is told.
		expect(at(0, { behindBytes: 16, behindSince: T })).toEqual({ is: "live" });
		expect(at(2_999, { behindBytes: 16, behindSince: T })).toEqual({ is: "live" });
		expect(at(3_000, { behindBytes: 16, behindSince: T })).toEqual({ is: "behind", bytes: 16 });
	});

	test("refused: nothing else counts", () => {
		const refused = socket("refused", { code: "4403", reason: "Not an admin." });
		for (const ms of [0, 60_000])
			expect(at(ms, { socket: refused })).toEqual({
				is: "refused",
				since: T,
				code: "4403",
				reason: "Not an admin.",
			});
	});

	test("a welcome without word of the town is not live", () => {
		expect(at(0, { town: undefined })).toMatchObject({ is: "loading" });
	});
});

test("SOCKET-3: only live allows actions; every other state says why not", () => {
	const why = (extra: Partial<ConnectionFacts>, ms = 0) => whyNoActions(at(ms, extra), T + ms);
	expect(why({})).toBeNull();
	expect(why({}, 12_000)).toBe("Nothing heard for 12 s");
	expect(why({ socket: socket("waiting") })).toBe("Not connected");
	expect(why({ town: feed("replaying") })).toBe("Catching up");
	expect(why({ behindBytes: 20_000 })).toBe("Catching up");
	expect(why({}, 20_000)).toBe("The town cannot be reached");
	expect(why({ socket: socket("refused", { reason: "Not an admin." }) })).toBe("Not an admin.");
	expect(why({ hasState: false })).toBe("Still loading");
});
