import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { Agenda, retryMs } from "../../../worker/live-ops/agenda.ts";
import { sqlOf } from "../../../worker/live-ops/sql.ts";
import type { WatchedDO } from "../support/watched-do.ts";

afterEach(() => vi.restoreAllMocks());

type Bench = {
	agenda: Agenda;
	ctx: DurableObjectState;
	time: { now: number };
	/** How long from now the alarm fires, milliseconds, rounded up to seconds; null when there is none. */
	alarmIn(): Promise<number | null>;
};

/** An agenda on a clock that stands still. */
const withAgenda = (fn: (bench: Bench) => Promise<void>) =>
	runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), async (_object, ctx) => {
		const time = { now: 1_000_000 };
		const agenda = new Agenda(ctx, sqlOf(ctx.storage), () => time.now);
		const alarmIn = async () => {
			const alarm = await ctx.storage.getAlarm();
			return alarm === null ? null : Math.ceil((alarm - Date.now()) / 1_000) * 1_000;
		};
		await fn({ agenda, ctx, time, alarmIn });
		await ctx.storage.deleteAlarm();
	});

const silent = () => vi.spyOn(console, "error").mockImplementation(() => undefined);

test("ALARM-1: the alarm is the earliest of what is planned", () =>
	withAgenda(async ({ agenda, alarmIn, time }) => {
		agenda.set("late", time.now + 60_000);
		expect(await alarmIn()).toBe(60_000);
		agenda.set("early", time.now + 20_000);
		expect(await alarmIn()).toBe(20_000);
		agenda.set("early", time.now + 40_000);
		expect(await alarmIn()).toBe(40_000);
		expect(agenda.due("early")).toBe(time.now + 40_000);
		agenda.cancel("early");
		expect(await alarmIn()).toBe(60_000);
		agenda.cancel("late");
		expect(await alarmIn()).toBeNull();
		expect(agenda.due("late")).toBeNull();
	}));

test("ALARM-1: what is due runs once, with what follows the colon, and the alarm moves on", () =>
	withAgenda(async ({ agenda, alarmIn, time }) => {
		agenda.set("settle:i1", time.now + 10);
		agenda.set("settle:i2:x", time.now + 20);
		agenda.set("outbox", time.now + 30_000);
		time.now += 1_000;
		const ran: string[] = [];
		const handlers = {
			settle: (argument: string, now: number) => void ran.push(`${argument} ${now}`),
			outbox: () => void ran.push("outbox"),
		};
		await agenda.run(handlers);
		await agenda.run(handlers);
		expect(ran).toEqual([`i1 ${time.now}`, `i2:x ${time.now}`]);
		expect(await alarmIn()).toBe(29_000);
	}));

test("ALARM-1: a handler that fails is logged, tried again later and later, and stops no other", () =>
	withAgenda(async ({ agenda, alarmIn, time }) => {
		const errors = silent();
		let tries = 0;
		let others = 0;
		const handlers = {
			bad: () => {
				tries += 1;
				throw new Error("sync");
			},
			worse: async () => {
				await Promise.reject(new Error("async"));
			},
			good: () => {
				others += 1;
			},
		};
		for (const name of ["bad", "worse", "good"]) agenda.set(name, time.now);
		await agenda.run(handlers);
		expect([tries, others]).toEqual([1, 1]);
		expect(errors).toHaveBeenCalledTimes(2);
		expect(await alarmIn()).toBe(1_000);
		for (const wait of [1_000, 2_000, 4_000]) {
			expect(agenda.due("bad")).toBe(time.now + wait);
			time.now += wait - 1;
			await agenda.run(handlers);
			time.now += 1;
			await agenda.run(handlers);
		}
		expect(tries).toBe(4);
		expect(others).toBe(1);
		expect(retryMs(100)).toBe(300_000);
	}));

test("ALARM-1: a handler that never ends counts as failed after 30 s, and holds up no other", () =>
	withAgenda(async ({ agenda, time }) => {
		const errors = silent();
		let others = 0;
		agenda.set("hangs", time.now);
		agenda.set("works", time.now);
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const run = agenda.run({ hangs: () => new Promise(() => undefined), works: () => void others++ });
		expect(others).toBe(1);
		await vi.advanceTimersByTimeAsync(30_000);
		await run;
		vi.useRealTimers();
		expect(errors).toHaveBeenCalledOnce();
		expect(agenda.due("hangs")).toBe(time.now + 1_000);
	}));

test("ALARM-1: an entry that no handler knows is an error, and stays until there is one", () =>
	withAgenda(async ({ agenda, time }) => {
		const errors = silent();
		agenda.set("unknown", time.now);
		await agenda.run({});
		expect(errors).toHaveBeenCalledOnce();
		time.now += 1_000;
		let ran = 0;
		await agenda.run({ unknown: () => void ran++ });
		expect(ran).toBe(1);
		expect(agenda.due("unknown")).toBeNull();
	}));

test("ALARM-1: a handler may plan itself again, and cancel what is due in the same run", () =>
	withAgenda(async ({ agenda, alarmIn, time }) => {
		const ran: string[] = [];
		agenda.set("first", time.now);
		agenda.set("second", time.now + 1);
		time.now += 1;
		await agenda.run({
			first: () => {
				ran.push("first");
				agenda.cancel("second");
				agenda.set("first", time.now + 5_000);
			},
			second: () => void ran.push("second"),
		});
		expect(ran).toEqual(["first"]);
		expect(await alarmIn()).toBe(5_000);
	}));

test("ALARM-1: a plan that is rolled back leaves neither entry nor alarm", () =>
	withAgenda(async ({ agenda, ctx, alarmIn, time }) => {
		agenda.set("kept", time.now + 60_000);
		expect(() =>
			ctx.storage.transactionSync(() => {
				agenda.set("undone", time.now + 1_000);
				agenda.cancel("kept");
				throw new Error("undone");
			}),
		).toThrow("undone");
		expect(agenda.due("undone")).toBeNull();
		expect(await alarmIn()).toBe(60_000);
	}));

test("ALARM-1: what was under way in a crash runs again", async () => {
	const id = env.BARE.newUniqueId();
	const crashed = runInDurableObject(env.BARE.get(id), async (_object, ctx) => {
		const agenda = new Agenda(ctx, sqlOf(ctx.storage), Date.now);
		agenda.set("effect", Date.now());
		await agenda.run({
			effect: async () => {
				await scheduler.wait(1);
				ctx.abort("crash");
			},
		});
	});
	await expect(crashed).rejects.toThrow("crash");
	await runInDurableObject(env.BARE.get(id), async (_object, ctx) => {
		const later = Date.now() + 120_000;
		let ran = 0;
		expect(await ctx.storage.getAlarm(), "a next try was planned before it started").not.toBeNull();
		await new Agenda(ctx, sqlOf(ctx.storage), () => later).run({ effect: () => void ran++ });
		expect(ran).toBe(1);
		expect(await ctx.storage.getAlarm()).toBeNull();
	});
});

test("ALARM-1: the object's own alarm runs it", async () => {
	const stub = env.WATCHED.get(env.WATCHED.newUniqueId());
	await runInDurableObject(stub, ({ agenda }: WatchedDO) => agenda.set("count", Date.now() + 60_000));
	// Fires early: nothing is due, so the alarm is set again.
	expect(await runDurableObjectAlarm(stub)).toBe(true);
	await runInDurableObject(stub, async ({ agenda, alarms }: WatchedDO, ctx) => {
		expect(alarms).toBe(0);
		expect(await ctx.storage.getAlarm()).not.toBeNull();
		agenda.set("count", Date.now() + 50);
		agenda.set("count", Date.now());
	});
	await vi.waitFor(() => runInDurableObject(stub, ({ alarms }: WatchedDO) => expect(alarms).toBe(1)));
});
