// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOSE, LIMITS } from "../../../shared/protocol/index.ts";
import { batch, changes, feed, open, openLive, rig, stateAt, T0, welcome } from "./fake-session.ts";

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

describe("connecting", () => {
	test("SEC-2: each attempt fetches a fresh ticket, and hello is the first thing said", async () => {
		const { socket, sockets, fetchTicket } = open();
		const first = await socket();
		expect(first.url).toContain("ticket=k1");
		first.open();
		expect(first.sent).toHaveLength(1);
		expect(first.sent[0]).toMatchObject({ t: "hello", cursor: null, reason: "case 4711", streams: [] });
		first.drop();
		await vi.advanceTimersByTimeAsync(1_000);
		expect(fetchTicket).toHaveBeenCalledTimes(2);
		expect(sockets()).toHaveLength(2);
		expect(sockets()[1]?.url).toContain("ticket=k2");
	});

	test("SESSION-3: after a loss hello carries the cursor, and what follows is folded onto what is shown", async () => {
		const { now, socket, see } = await openLive();
		now.say(changes(batch(6, rig("r2"))));
		await vi.advanceTimersByTimeAsync(20);
		now.drop();
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		expect(again.sent[0]).toMatchObject({ t: "hello", cursor: { epoch: "e1", seq: 6, mark: "m6" } });
		again.say(welcome(again.sent[0]?.id, { resumed: true }));
		again.say(changes(batch(7, rig("r3"))));
		await vi.advanceTimersByTimeAsync(20);
		expect([...see().view.tables.rigs.keys()]).toEqual(["r1", "r2", "r3"]);
		expect(see().figures).toMatchObject({ seq: 7, gaps: 0 });
	});

	test("PAGE-1: a state older than the town is not shown as live: loading until what the session has followed too", async () => {
		const { socket, see } = open();
		const first = await socket();
		first.open();
		first.say(welcome(first.sent[0]?.id, { head: { epoch: "e1", seq: 7, mark: "m7" } }));
		first.say(stateAt(5, [rig("r1")]));
		first.say(changes(batch(6, rig("r2"))));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection.is).toBe("loading");
		first.say(changes(batch(7, rig("r3"))));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection.is).toBe("live");
	});

	test("PAGE-1: back after a loss, it catches up and takes no action until it is where the town was at the welcome", async () => {
		const { now, socket, client, see } = await openLive();
		now.drop();
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		again.say(welcome(again.sent[0]?.id, { head: { epoch: "e1", seq: 6, mark: "m6" } }));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection.is).toBe("catching-up");
		expect(await client.propose(propose)).toMatchObject({ ok: false, error: { code: "not-live" } });
		again.say(changes(batch(6, rig("r2"))));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection.is).toBe("live");
	});

	test("PAGE-1: where the session stood is not awaited for ever: a town may be restored to before that", async () => {
		const { socket, see } = open();
		const first = await socket();
		first.open();
		first.say(welcome(first.sent[0]?.id, { head: { epoch: "e1", seq: 70, mark: "m70" } }));
		first.say(stateAt(5, [rig("r1")]));
		await vi.advanceTimersByTimeAsync(5_000);
		expect(see().connection.is).toBe("loading");
		await vi.advanceTimersByTimeAsync(4_000);
		first.answer("ping", { now: Date.now(), town_now: Date.now() });
		await vi.advanceTimersByTimeAsync(1_500);
		expect(see().connection.is).toBe("live");
	});

	test("PAGE-1: a town made anew since the welcome is not awaited where the other had been", async () => {
		const { socket, see } = open();
		const first = await socket();
		first.open();
		first.say(welcome(first.sent[0]?.id, { head: { epoch: "e1", seq: 70, mark: "m70" } }));
		first.say({ ...stateAt(5, [rig("r1")]), position: { epoch: "e2", seq: 5, mark: "n5" } });
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection.is).toBe("live");
	});

	test.each([
		CLOSE.identityExpired,
		CLOSE.forbidden,
		CLOSE.noSuchTown,
		CLOSE.oldPage,
		CLOSE.badOrigin,
		CLOSE.badMessage,
	])("SOCKET-4: a close with %i is final: refused with its reason, and never tried again", async (code) => {
		const { now, sockets, see } = await openLive();
		now.say({ t: "goodbye", code, reason: "Said in words." });
		now.drop(code, "short");
		await vi.advanceTimersByTimeAsync(120_000);
		expect(sockets()).toHaveLength(1);
		expect(see().connection).toMatchObject({ is: "refused", code: String(code), reason: "Said in words." });
	});

	test.each([CLOSE.badTicket, CLOSE.tooMany, 1006, 1012])(
		"SOCKET-4: a close with %i is tried again",
		async (code) => {
			const { now, sockets } = await openLive();
			now.drop(code);
			await vi.advanceTimersByTimeAsync(1_500);
			expect(sockets().length).toBeGreaterThan(1);
		},
	);

	test("SOCKET-4: a ticket that is refused for good says why; one that is not to be had is asked for again", async () => {
		const refused = open({
			fetchTicket: async () => ({ ok: false, final: true, code: "not-admin", message: "Not an admin." }),
		});
		await vi.advanceTimersByTimeAsync(60_000);
		expect(refused.sockets()).toHaveLength(0);
		expect(refused.see().connection).toMatchObject({
			is: "refused",
			code: "not-admin",
			reason: "Not an admin.",
		});

		let n = 0;
		const flaky = open({
			fetchTicket: async () => {
				if (++n < 3) throw new Error("fetch failed");
				return { ok: true, ticket: "k", url: "ws://console.test/" };
			},
		});
		await vi.advanceTimersByTimeAsync(3_000);
		expect(n).toBe(3);
		expect(flaky.sockets()).toHaveLength(1);
	});

	test("PAGE-1: Now does not wait for the next try", async () => {
		const { now, sockets, client, see } = await openLive();
		for (let i = 0; i < 5; i++) {
			now.drop();
			sockets().at(-1)?.drop();
			await vi.advanceTimersByTimeAsync(3_000);
		}
		sockets().at(-1)?.drop();
		await vi.advanceTimersByTimeAsync(100);
		expect(see().socket.is).toBe("waiting");
		const before = sockets().length;
		client.retry();
		await vi.advanceTimersByTimeAsync(5);
		expect(sockets().length).toBe(before + 1);
	});

	test("SESSION-6: a session that woke without memory is told hello again, with the cursor", async () => {
		const { now, see, client } = await openLive();
		const session = { t: "session", now: T0, feeds: [], viewers: [], behind_bytes: 0, joined_ms: 0 };
		now.say({ ...session, say_hello: true });
		expect(now.of("hello")).toHaveLength(2);
		expect(now.of("hello")[1]).toMatchObject({ cursor: { seq: 5 } });
		expect(await client.propose(propose)).toMatchObject({ ok: false, error: { code: "not-live" } });
		now.say(welcome(now.of("hello")[1]?.id, { resumed: true }));
		await vi.advanceTimersByTimeAsync(20);
		expect(see().connection.is).toBe("live");
	});
});

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

describe("asking", () => {
	test("SOCKET-1: every request gets its one answer, or a failure of its own when the connection goes", async () => {
		const { now, client } = await openLive();
		const question = { kind: "changes", before: null, limit: 10 } as const;
		const one = client.query(question);
		const id = now.of("query").at(-1)?.id;
		now.say({ t: "answer", id, ok: true, value: { rows: [1], more: true } });
		now.say({ t: "answer", id, ok: true, value: { rows: [2], more: true } });
		expect(await one).toEqual({ ok: true, rows: [1], more: true });

		const two = client.query(question);
		const three = client.propose(propose);
		now.drop();
		expect(await two).toMatchObject({ ok: false, error: { code: "connection-lost" } });
		expect(await three).toMatchObject({
			ok: false,
			error: { code: "connection-lost", message: expect.stringContaining("do not repeat it") },
		});
		expect(await client.query(question)).toMatchObject({ ok: false, error: { code: "not-connected" } });
	});

	test("SOCKET-3: a click before the welcome, or while the town's feed is not live, is refused and never sent", async () => {
		const blind = open();
		const first = await blind.socket();
		first.open();
		expect(await blind.client.propose(propose)).toMatchObject({
			ok: false,
			error: { code: "not-live", message: "Still loading. Nothing was sent and nothing was changed." },
		});
		expect(first.of("propose")).toEqual([]);

		const { now, client, socket } = await openLive();
		const session = {
			t: "session",
			now: Date.now(),
			viewers: [],
			behind_bytes: 0,
			joined_ms: 0,
			say_hello: false,
		};
		now.say({ ...session, feeds: [feed("waiting", { attempt: 4, reason: "refused" })] });
		expect(await client.propose(propose)).toMatchObject({
			ok: false,
			error: { message: expect.stringMatching(/^The town cannot be reached/) },
		});
		now.say({ ...session, feeds: [feed("live")] });
		void client.propose(propose);
		expect(now.of("propose")).toHaveLength(1);

		now.drop();
		expect(await client.propose(propose)).toMatchObject({
			ok: false,
			error: { message: expect.stringMatching(/^Not connected/) },
		});
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		again.say(welcome(again.of("hello")[0]?.id, { resumed: true }));
		await vi.advanceTimersByTimeAsync(5_000);
		expect(again.of("propose")).toEqual([]);
	});

	test("SESSION-7: what is looked at is told once it was looked at for a moment, and with every hello", async () => {
		const { now, client, socket } = await openLive();
		for (const id of ["b1", "b2", "b3"]) client.focus(`bead:${id}`);
		await vi.advanceTimersByTimeAsync(600);
		expect(now.of("focus").map(({ on }) => on)).toEqual(["bead:b3"]);
		client.focus("bead:b4");
		client.focus("bead:b3");
		await vi.advanceTimersByTimeAsync(600);
		expect(now.of("focus")).toHaveLength(1);
		client.focus(null);
		now.drop();
		await vi.advanceTimersByTimeAsync(1_000);
		const again = await socket();
		again.open();
		expect(again.of("hello")[0]).toMatchObject({ focus: null });
		client.focus("bead:b5");
		await vi.advanceTimersByTimeAsync(600);
		again.say(welcome(again.of("hello")[0]?.id, { resumed: true }));
		expect(again.of("focus").map(({ on }) => on)).toEqual(["bead:b5"]);
	});

	test("LEDGER-2: an intervention whose answer was lost is looked for in the ledger, back to what was known before", async () => {
		const entry = (n: number, id = `x${n}`) => ({ n, id, step: "intent" });
		const lost = async (id: string) => {
			const it = await openLive();
			it.now.say({ t: "intervention", entries: [entry(40)] });
			const result = it.client.propose({ ...propose, intervention: id });
			it.now.drop();
			expect(await result).toMatchObject({ ok: false, error: { code: "connection-lost" } });
			const reached = it.client.reached(id);
			await vi.advanceTimersByTimeAsync(1_000);
			const again = await it.socket();
			again.open();
			again.say(welcome(again.of("hello")[0]?.id, { resumed: true }));
			await vi.advanceTimersByTimeAsync(1);
			return { ...it, again, reached };
		};
		const sent = await lost("sent");
		sent.again.answer("query", { rows: [entry(300), entry(201)], more: true });
		await vi.advanceTimersByTimeAsync(1);
		expect(sent.again.of("query").at(-1)?.question).toMatchObject({ kind: "ledger", before: 201 });
		sent.again.answer("query", { rows: [entry(200), entry(150, "sent")], more: true });
		expect(await sent.reached).toBe(true);
		await vi.advanceTimersByTimeAsync(20);
		expect(sent.see().ledger.map(({ id }) => id)).toContain("sent");

		const never = await lost("never");
		never.again.answer("query", { rows: [entry(42), entry(41)], more: true });
		expect(await never.reached).toBe(false);
	});

	test("LEDGER-3: after each welcome the newest ledger rows are read, and rows that come are kept once, in order", async () => {
		const it = open();
		const socket = await it.socket();
		socket.open();
		socket.say(welcome(socket.of("hello")[0]?.id));
		socket.answer("query", { rows: [{ n: 3 }, { n: 2 }], more: true });
		socket.say({ t: "intervention", entries: [{ n: 3 }, { n: 4 }] });
		await vi.advanceTimersByTimeAsync(20);
		expect(it.see().ledger.map((entry) => entry.n)).toEqual([2, 3, 4]);
	});

	test("SEC-2: before its sign-in runs out the socket is renewed with a fresh ticket", async () => {
		const { now, fetchTicket } = await openLive();
		const answer = setInterval(() => now.answer("ping", { now: Date.now(), town_now: Date.now() }), 1_000);
		await vi.advanceTimersByTimeAsync(3_600_000 - 55_000);
		expect(fetchTicket).toHaveBeenCalledTimes(2);
		expect(now.of("renew")).toEqual([expect.objectContaining({ ticket: "k2" })]);
		clearInterval(answer);
	});
});

describe("time", () => {
	test("SESSION-6: it pings at least every ten seconds, and gives up a socket that is silent for twenty", async () => {
		const { now, sockets, see } = await openLive();
		const before = now.of("ping").length;
		await vi.advanceTimersByTimeAsync(9_900);
		expect(now.of("ping").length).toBeGreaterThan(before);
		expect(see().connection.is).toBe("live");
		await vi.advanceTimersByTimeAsync(400);
		expect(see().connection).toMatchObject({ is: "stale" });
		await vi.advanceTimersByTimeAsync(5_000);
		expect(see().connection).toMatchObject({ is: "blind" });
		await vi.advanceTimersByTimeAsync(6_000);
		expect(sockets().length).toBe(2);
		expect(see().socket.reason).toMatch(/Nothing was heard for 20 s/);
	});

	test("SESSION-6: a session that never answers the first hello is given up", async () => {
		const { socket, sockets, see } = open();
		const first = await socket();
		first.open();
		await vi.advanceTimersByTimeAsync(19_000);
		expect(sockets()).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(2_000);
		expect(sockets()).toHaveLength(2);
		expect(see().socket.reason).toMatch(/did not answer/);
	});

	test("SESSION-6: a session that goes on talking but never answers a hello said again is given up", async () => {
		const live = await openLive();
		live.now.say(changes(batch(8, rig("r8"))));
		const talk = setInterval(
			() => live.now.say({ t: "pulse", at: Date.now(), agents: [], container: null }),
			500,
		);
		await vi.advanceTimersByTimeAsync(21_000);
		clearInterval(talk);
		expect(live.sockets()).toHaveLength(2);
	});

	test("SESSION-6: a page whose timers were held up pings before it gives up its socket", async () => {
		const { now, sockets } = await openLive();
		for (let minute = 0; minute < 3; minute++) {
			const before = now.of("ping").length;
			vi.setSystemTime(Date.now() + 60_000);
			await vi.advanceTimersByTimeAsync(250);
			expect(now.of("ping").length).toBe(before + 1);
			now.answer("ping", { now: Date.now(), town_now: Date.now() });
		}
		expect(sockets()).toHaveLength(1);
		vi.setSystemTime(Date.now() + 60_000);
		await vi.advanceTimersByTimeAsync(250);
		vi.setSystemTime(Date.now() + 60_000);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(sockets()).toHaveLength(2);
	});

	test("SOCKET-5: a quiet town stays live while its pings are answered", async () => {
		const { now, see } = await openLive();
		const seen = new Set<string>();
		for (let i = 0; i < 120; i++) {
			const pings = now.of("ping").length;
			await vi.advanceTimersByTimeAsync(500);
			if (now.of("ping").length > pings) now.answer("ping", { now: Date.now(), town_now: Date.now() });
			seen.add(see().connection.is);
		}
		expect([...seen]).toEqual(["live"]);
	});

	test("SOCKET-5: the town's clock is offset by pings, a skew is told, and it stands still while not live", async () => {
		const { client } = await openLive();
		expect(client.now()).toBe(Date.now());
		const off = await openLive();
		for (let i = 0; i < 120; i++) {
			const pings = off.now.of("ping").length;
			await vi.advanceTimersByTimeAsync(500);
			if (off.now.of("ping").length > pings)
				off.now.answer("ping", { now: Date.now(), town_now: Date.now() + 5_000 });
		}
		// Half of a late answer's way counts as its delay.
		expect(Math.abs(off.see().figures.skewMs - 5_000)).toBeLessThan(500);
		expect(off.client.now()).toBe(Date.now() + off.see().figures.skewMs);

		const still = await openLive();
		still.now.drop();
		const stood = still.client.now();
		await vi.advanceTimersByTimeAsync(30_000);
		expect(still.client.now()).toBe(stood);
		expect(still.see().connection).toMatchObject({ is: "blind", asOf: stood });
	});
});
