// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { batch, changes, feed, open, openLive, rig, T0, welcome } from "./fake-session.ts";

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
