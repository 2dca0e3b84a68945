import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { townValue } from "../../../worker/town/town-state.ts";
import { inTown, newTown, TestTown, type TownId } from "./town.ts";

/** The town as it is after a restart. */
const again = <T>(at: TownId, fn: (town: TestTown) => T | Promise<T>) =>
	runInDurableObject(env.BARE.get(at), (_, ctx) => fn(new TestTown(ctx)));

/** Does something in the object and lets it die: in the same turn, or after what it wrote is durable. */
const crash = (at: TownId, fn: (town: TestTown) => unknown, durable: boolean) =>
	expect(
		runInDurableObject(env.BARE.get(at), async (_, ctx) => {
			const town = new TestTown(ctx);
			fn(town);
			if (durable) await ctx.storage.sync();
			ctx.abort("crashed");
			await new Promise(() => {});
		}),
	).rejects.toThrow("crashed");

test("LEDGER-2: a repeat returns the same receipt and changes nothing again", () =>
	inTown((town) => {
		const order = town.order("bead.priority", "b1", { priority: "high" });
		const first = town.interventions.apply(order);
		town.call("updateBead", { bead_id: "b1", fields: { priority: "low" } });
		expect(town.interventions.apply(order)).toEqual(first);
		expect(first).toMatchObject({
			outcome: "applied",
			before: { "beads/b1": { priority: "medium" } },
			after: { "beads/b1": { priority: "high" } },
		});
		expect(town.bead("b1")?.priority).toBe("low");
	}));

test("LEDGER-2: settled before it arrived, it never happens", () =>
	inTown((town) => {
		const order = town.order("bead.close", "b1");
		expect(town.interventions.settle(order.id).outcome).toBe("never");
		expect(town.interventions.apply(order).outcome).toBe("never");
		expect(town.interventions.settle(order.id).outcome).toBe("never");
		expect(town.bead("b1")?.status).toBe("open");
	}));

test("LEDGER-2: settled after it was applied, it is the receipt of what was done", () =>
	inTown((town) => {
		const receipt = town.interventions.apply(town.order("bead.close", "b1"));
		expect(town.interventions.settle(receipt.id)).toEqual(receipt);
	}));

test("LEDGER-6: the receipt's seq ends the batch that applied it, whose cause is the intervention", async () => {
	const at = newTown();
	const order = await inTown(async (town) => {
		await Promise.resolve();
		const order = town.order("bead.close", "b1");
		const receipt = town.interventions.apply(order);
		await Promise.resolve();
		const [batch] = town.live.changesBefore(null, 1).rows;
		expect(batch).toMatchObject({
			to: receipt.seq,
			cause: { kind: "intervention", what: "bead.close", id: order.id, by: "admin/1" },
		});
		return order;
	}, at);
	await again(at, (town) => expect(town.interventions.apply(order).outcome).toBe("applied"));
});

test.each([
	["of the database", "bead.priority", "b1", { priority: "high" }],
	["with a process", "agent.reset", "toast", {}],
])(
	"LEDGER-2: a crash in the turn that applies one %s leaves neither change nor receipt",
	async (_, name, target, params) => {
		const at = newTown();
		const id = crypto.randomUUID();
		const before = await inTown((town) => {
			town.work("toast", "b1");
			return { bead: town.bead("b1"), agent: town.agent("toast") };
		}, at);
		await crash(at, (town) => town.interventions.apply(town.order(name, target, params, id)), false);
		await again(at, (town) => {
			expect({ bead: town.bead("b1"), agent: town.agent("toast") }).toEqual(before);
			expect(town.interventions.outsideOf(id)).toEqual([]);
			const order = town.order(name, target, params, id);
			expect(town.interventions.settle(id).outcome).toBe("never");
			expect(town.interventions.apply(order).outcome).toBe("never");
			expect({ bead: town.bead("b1"), agent: town.agent("toast") }).toEqual(before);
		});
	},
);

test("LEDGER-2: a crash after it was applied loses neither receipt nor stop, and a repeat applies nothing", async () => {
	const at = newTown();
	const id = crypto.randomUUID();
	await inTown((town) => town.work("toast", "b1"), at);
	await crash(at, (town) => town.interventions.apply(town.order("agent.reset", "toast", {}, id)), true);
	await again(at, async (town) => {
		const head = town.live.head().seq;
		expect(town.interventions.settle(id).outcome).toBe("applied");
		expect(town.interventions.apply(town.order("agent.reset", "toast", {}, id)).outcome).toBe("applied");
		expect(town.live.head().seq).toBe(head);
		expect(town.agenda.due("interventions")).not.toBeNull();
		await town.interventions.runOutside();
		expect(town.asked).toMatchObject([{ effect: { kind: "stop-agent", agent: "toast" }, key: id }]);
	});
});

test("LEDGER-2: a crash between the stop and its record asks again with the same key", async () => {
	const at = newTown();
	const id = crypto.randomUUID();
	await inTown((town) => {
		town.work("toast", "b1");
		town.interventions.apply(town.order("agent.reset", "toast", {}, id));
	}, at);
	const asked: string[] = [];
	await expect(
		runInDurableObject(env.BARE.get(at), async (_, ctx) => {
			const town = new TestTown(ctx);
			town.carryOut = async ({ key }) => {
				asked.push(key);
				ctx.abort("crashed");
				return await new Promise<never>(() => {});
			};
			await town.interventions.runOutside();
		}),
	).rejects.toThrow("crashed");
	await again(at, async (town) => {
		await town.interventions.runOutside();
		expect([...asked, ...town.asked.map(({ key }) => key)]).toEqual([id, id]);
	});
});

test("LEDGER-2: an unfinished stop holds its agent and its bead from dispatch until the exit was seen", () =>
	inTown(async (town) => {
		town.work("toast", "b1");
		const { id } = town.interventions.apply(town.order("agent.reset", "toast"));
		const held = () => [town.interventions.isHeld("agent", "toast"), town.interventions.isHeld("bead", "b1")];
		expect(held()).toEqual([true, true]);
		await town.interventions.runOutside();
		expect(held()).toEqual([true, true]);
		const given = town.interventions.apply(town.order("bead.reassign", "b2", { agent: "toast" }));
		expect(given).toMatchObject({ outcome: "refused", code: "held" });
		town.exit("toast");
		expect(held()).toEqual([false, false]);
		expect(town.interventions.outsideOf(id)).toMatchObject([{ status: "done" }]);
		expect(town.agent("toast")).toMatchObject({ container_process_id: null, status: "idle" });
	}));

test("LEDGER-2: a container that cannot be reached is asked again; what nobody sees ends as unknown until observed", () =>
	inTown(async (town) => {
		town.work("toast", "b1");
		const { id } = town.interventions.apply(town.order("agent.reset", "toast"));
		town.carryOut = () => Promise.reject(new Error("no route"));
		for (let minute = 0; minute <= 6; minute++) {
			await town.interventions.runOutside();
			town.now += 60_000;
		}
		expect(town.asked.length).toBeGreaterThan(3);
		expect(town.interventions.outsideOf(id)).toMatchObject([{ status: "unknown", error: "no route" }]);
		expect(town.interventions.isHeld("agent", "toast")).toBe(true);
		town.observe({ kind: "container-stop", instance: null });
		expect(town.interventions.isHeld("agent", "toast")).toBe(false);
	}));

test("LEDGER-2: a container that knows no such process resolves the stop, and the town is told", () =>
	inTown(async (town) => {
		town.work("toast", "b1");
		town.interventions.apply(town.order("bead.fail", "b1"));
		town.carryOut = async () => ({ is: "gone" });
		await town.interventions.runOutside();
		expect(town.gone).toEqual(["toast"]);
		expect(town.interventions.isHeld("bead", "b1")).toBe(false);
	}));

test("FEED-9: with the container at rest nothing is asked of it, and the process id goes at once", () =>
	inTown(async (town) => {
		town.work("toast", "b1");
		town.live.run({ kind: "test", what: "stop", id: null, by: null }, () =>
			town.town.sql.run(
				"INSERT INTO town_state (key, value, updated_at) VALUES ('container', ?, '')",
				JSON.stringify({
					status: "sleeping", instance_id: null, since: "", last_stop: null, restarts_in_window: 0,
					window_started_at: null,
				}), // biome-ignore format: short
			),
		);
		town.interventions.apply(town.order("agent.unhook", "toast"));
		await town.interventions.runOutside();
		expect(town.asked).toEqual([]);
		expect(town.agent("toast")).toMatchObject({ container_process_id: null, current_hook_bead_id: null });
	}));

/** An admin resets Toast, at work on b1: the attempt whose process is to end. */
const resetAtWork = (town: TestTown) => {
	town.work("toast", "b1");
	const attempt = town.agent("toast")?.current_attempt_id ?? null;
	const { id } = town.interventions.apply(town.order("agent.reset", "toast"));
	return { attempt, id };
};
const stopsOf = (town: TestTown) => townValue(town.town, "stops")?.awaited;

test("LEDGER-2: only the exit of the attempt that was to be stopped ends the wait", () =>
	inTown((town) => {
		town.work("toast", "b1");
		const older = town.agent("toast")?.current_attempt_id ?? null;
		town.exit("toast", older);
		town.call("unhookBead", { agent_id: "toast" });
		const { attempt } = resetAtWork(town);
		expect(attempt).not.toBe(older);
		town.exit("toast", older);
		expect(town.interventions.isHeld("agent", "toast")).toBe(true);
		town.exit("toast", attempt);
		expect(town.interventions.isHeld("agent", "toast")).toBe(false);
		expect(town.agent("toast")?.container_process_id).toBeNull();
	}));

test("LEDGER-2: the stop of a container ends only what ran in it", () =>
	inTown((town) => {
		town.beat();
		resetAtWork(town);
		town.observe({ kind: "container-stop", instance: "i-0" });
		expect(town.interventions.isHeld("agent", "toast")).toBe(true);
		town.observe({ kind: "container-stop", instance: "i-1" });
		expect(town.interventions.isHeld("agent", "toast")).toBe(false);
		expect(town.agent("toast")?.container_process_id).toBeNull();
	}));

test.each(["gone", "asked"] as const)(
	"LEDGER-2: an order that is answered %s after its exit was seen leaves the agent's next work alone",
	(answer) =>
		inTown(async (town) => {
			const { attempt, id } = resetAtWork(town);
			town.carryOut = async (order) => {
				expect(order).toMatchObject({ effect: { agent: "toast" }, attempt, key: id });
				town.exit("toast", attempt);
				town.work("toast", "b2", "5000");
				return { is: answer };
			};
			await town.interventions.runOutside();
			expect(town.gone).toEqual([]);
			expect(town.interventions.outsideOf(id)).toMatchObject([{ status: "done" }]);
			expect(town.agent("toast")).toMatchObject({
				...{ status: "working", current_hook_bead_id: "b2", container_process_id: "5000" },
			});
		}),
);

test("LEDGER-2: whose end is awaited shows in the town's state, with why, until it was seen", () =>
	inTown(async (town) => {
		expect(stopsOf(town)).toBeUndefined();
		const { attempt, id } = resetAtWork(town);
		const stop = { id, kind: "stop-agent", agent: "toast", bead: "b1", since: "2026-03-01T12:00:00.000Z" };
		expect(stopsOf(town)).toEqual([{ ...stop, status: "pending", error: null }]);
		town.carryOut = () => Promise.reject(new Error("no route to ghp_abcdefghijklmnopqrstuvwxyz0123456789"));
		await town.interventions.runOutside();
		expect(stopsOf(town)).toEqual([{ ...stop, status: "pending", error: "no route to [redacted]" }]);
		town.now += 301_000;
		await town.interventions.runOutside();
		expect(stopsOf(town)).toMatchObject([{ status: "unknown" }]);
		town.exit("toast", attempt);
		expect(stopsOf(town)).toEqual([]);
	}));

test("LEDGER-2: a heartbeat that no longer lists an agent shows its end; one that never listed it does not", () =>
	inTown((town) => {
		resetAtWork(town);
		town.beat("maple");
		expect(town.interventions.isHeld("agent", "toast")).toBe(true);
		town.beat("toast", "maple");
		town.beat("maple");
		expect(town.interventions.isHeld("agent", "toast")).toBe(false);
		expect(town.agent("toast")?.container_process_id).toBeNull();
	}));

test("LEDGER-2: a stop that was given up is ordered again when its process is heard of, and ends when it is not", () =>
	inTown(async (town) => {
		const { id } = resetAtWork(town);
		town.carryOut = () => Promise.reject(new Error("no route"));
		town.now += 301_000;
		await town.interventions.runOutside();
		town.agenda.cancel("interventions");
		town.now += 61_000;
		town.beat("toast");
		expect(town.agenda.due("interventions")).toBe(town.now);
		town.carryOut = async () => ({ is: "asked" });
		await town.interventions.runOutside();
		expect(town.asked.map(({ key }) => key)).toEqual([id, id]);
		town.beat();
		expect(town.interventions.isHeld("agent", "toast")).toBe(false);
	}));
