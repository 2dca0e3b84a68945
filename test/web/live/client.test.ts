// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOSE } from "../../../shared/protocol/index.ts";
import { batch, changes, open, openLive, rig, stateAt, T0, welcome } from "./fake-session.ts";

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
