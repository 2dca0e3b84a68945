// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../../shared/protocol/index.ts";
import { batch, changes, feed, openLive, rig, stateAt, T0, welcome } from "./fake-session.ts";

beforeEach(() => {
	vi.useFakeTimers({ now: T0 });
});
afterEach(() => {
	vi.useRealTimers();
});

const propose = {
	name: "agent.reset",
	target: "a",
	params: {},
	reason: "stalled",
	saw: {},
	finding: null,
};

describe("folding", () => {
	test("FEED-3: a state is shown only after its last piece, the old one until then", async () => {
		const { now, see } = await openLive();
		const reset = { position: { epoch: "e2", seq: 9, mark: "x" }, reason: "epoch", total: 2 };
		now.say(stateAt(9, [rig("n1")], { ...reset, part: 0, last: false }));
		await vi.advanceTimersByTimeAsync(20);
		expect([...see().view.tables.rigs.keys()]).toEqual(["r1"]);
		now.say(stateAt(9, [rig("n2")], { ...reset, part: 1, last: true }));
		await vi.advanceTimersByTimeAsync(20);
		expect([...see().view.tables.rigs.keys()]).toEqual(["n1", "n2"]);
		expect(see().figures.seq).toBe(9);
	});

	test("FEED-3: a state with a piece missing is not shown; the page connects anew", async () => {
		const { now, see, sockets } = await openLive();
		const reset = { position: { epoch: "e2", seq: 9, mark: "x" }, total: 3 };
		now.say(stateAt(9, [rig("n1")], { ...reset, part: 0, last: false }));
		now.say(stateAt(9, [rig("n3")], { ...reset, part: 2, last: true }));
		await vi.advanceTimersByTimeAsync(1_000);
		expect([...see().view.tables.rigs.keys()]).toEqual(["r1"]);
		expect(sockets().length).toBe(2);
	});

	test("FEED-5: a frame that does not follow is counted, not folded, and asked for again with the cursor; until then nothing is live", async () => {
		const { now, see, client } = await openLive();
		now.say(changes(batch(8, rig("r8"))));
		now.say(changes(batch(9, rig("r9"))));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().figures.gaps).toBe(1);
		expect([...see().view.tables.rigs.keys()]).toEqual(["r1"]);
		expect(now.of("hello")).toHaveLength(2);
		expect(see().connection.is).toBe("reconnecting");
		expect(await client.propose(propose)).toMatchObject({ ok: false, error: { code: "not-live" } });
		now.say(welcome(now.of("hello")[1]?.id, { resumed: true }));
		now.say(changes(batch(6, rig("r6")), batch(7, rig("r7")), batch(8, rig("r8")), batch(9, rig("r9"))));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().figures).toMatchObject({ seq: 9, gaps: 1 });
		expect(see().connection.is).toBe("live");
		expect(see().view.tables.rigs.size).toBe(5);
	});

	test("SESSION-9: readers are told at most once a frame, of whole batches", async () => {
		const { now, client, see } = await openLive();
		await vi.advanceTimersByTimeAsync(100);
		const told = vi.fn();
		client.store.subscribe(told);
		for (let seq = 6; seq < 106; seq++) now.say(changes(batch(seq, rig(`r${seq}`))));
		expect(told).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(16);
		expect(told).toHaveBeenCalledTimes(1);
		expect(see().figures.seq).toBe(105);
		expect(see().batches).toHaveLength(100);
	});

	test("SOCKET-5: commit-to-paint latency is from the town's commit, by its clock, to after the paint", async () => {
		const { now, see } = await openLive();
		now.say(changes(batch(6, rig("r2"), Date.now() - 7)));
		await vi.advanceTimersByTimeAsync(16);
		now.say(changes(batch(7, rig("r3"), Date.now())));
		await vi.advanceTimersByTimeAsync(40);
		// 7 ms on the way, a frame of 16, and the paint.
		expect(see().figures.latency).toMatchObject({ last: 24 });
	});

	test("SOCKET-5: what was committed before the page was let in says nothing of its latency", async () => {
		const { now, see } = await openLive();
		now.say(changes(batch(6, rig("r2"), Date.now() - 60_000)));
		await vi.advanceTimersByTimeAsync(100);
		expect(see().figures).toMatchObject({ seq: 6, latency: null });
	});

	test("SESSION-5: credit is given at half a window, else after a second, and starts anew with a connection", async () => {
		const { now, socket } = await openLive();
		await vi.advanceTimersByTimeAsync(1_000);
		const given = () => now.of("credit").reduce((sum, it) => sum + (it.bytes as number), 0);
		const before = given();
		expect(before).toBe(JSON.stringify(stateAt(5, [rig("r1")])).length);
		const big = changes(batch(6, { ...rig("r2"), name: "x".repeat(LIMITS.windowBytes / 2) }));
		now.say(big);
		expect(given() - before).toBe(JSON.stringify(big).length);
		const pulse = { t: "pulse", at: Date.now(), agents: [], container: null };
		now.say(pulse);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(given() - before).toBe(JSON.stringify(big).length + JSON.stringify(pulse).length);
		now.say(changes(batch(7, rig("r3"))));
		now.drop();
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		await vi.advanceTimersByTimeAsync(2_000);
		expect(again.of("credit")).toEqual([]);
	});

	test("SESSION-5: what the session holds back is told, and goes down as it comes", async () => {
		const { now, see } = await openLive();
		await vi.advanceTimersByTimeAsync(3_000);
		const frame = changes(batch(6, rig("r2")));
		const session = { t: "session", now: Date.now(), viewers: [], joined_ms: 0, say_hello: false };
		const behind_bytes = JSON.stringify(frame).length + 20_000;
		now.say({ ...session, feeds: [feed("live")], behind_bytes });
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection).toEqual({ is: "behind", bytes: behind_bytes });
		now.say(frame);
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection).toEqual({ is: "behind", bytes: 20_000 });
		now.say({ ...session, feeds: [feed("live")], behind_bytes: 0 });
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection).toEqual({ is: "live" });
	});

	test("SESSION-5: what is held back and does not come is asked for anew: credit that got lost never comes", async () => {
		const { now, see } = await openLive();
		const session = { t: "session", viewers: [], joined_ms: 0, say_hello: false };
		const held = () => now.say({ ...session, now: Date.now(), feeds: [feed("live")], behind_bytes: 170_000 });
		for (let s = 0; s < 9; s++) {
			held();
			await vi.advanceTimersByTimeAsync(1_000);
		}
		now.say(changes(batch(6, rig("r2"))));
		for (let s = 0; s < 9; s++) {
			held();
			await vi.advanceTimersByTimeAsync(1_000);
		}
		expect(now.of("hello")).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(2_000);
		expect(now.of("hello")).toHaveLength(2);
		expect(see().socket.reason).toMatch(/holds back/);
		now.say(welcome(now.of("hello")[1]?.id, { resumed: true }));
		now.say({ ...session, now: Date.now(), feeds: [feed("live")], behind_bytes: 0 });
		await vi.advanceTimersByTimeAsync(3_000);
		expect(see().connection).toEqual({ is: "live" });
	});

	test("SESSION-5: after a welcome it is catching up until that much has come", async () => {
		const { now, see, socket } = await openLive();
		now.drop();
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		again.say(welcome(again.of("hello")[0]?.id, { resumed: true }));
		const frame = changes(batch(6, rig("r2")));
		const size = JSON.stringify(frame).length;
		const session = { t: "session", now: Date.now(), viewers: [], joined_ms: 0, say_hello: false };
		again.say({ ...session, feeds: [feed("live")], behind_bytes: size });
		await vi.advanceTimersByTimeAsync(600);
		expect(see().connection).toMatchObject({ is: "catching-up", quiet: false, done: 0, total: size });
		again.say(frame);
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection).toEqual({ is: "live" });
	});

	test("SOCKET-1: something that is not JSON ends the connection, not the page", async () => {
		const { now, sockets, see } = await openLive();
		now.dispatchEvent(Object.assign(new Event("message"), { data: "{" }));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(sockets()).toHaveLength(2);
		expect(see().socket.reason).toMatch(/not JSON/);
	});
});
