import { env, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { atWork, inTown, newTown, TestTown, type TownId } from "./town.ts";

/** The town as it is after a restart. */
const again = <T>(at: TownId, fn: (town: TestTown) => T | Promise<T>) =>
	runInDurableObject(env.BARE.get(at), (_, ctx) => fn(new TestTown(ctx)));

type Kind = {
	name: string;
	target: string;
	params?: Record<string, unknown>;
	effect: object;
	lateAfter?: number;
};
/** What each kind of effect is asked for; those that end a process are never too late. */
const KINDS: Record<string, Kind> = {
	"a stop": { name: "agent.reset", target: "toast", effect: { kind: "stop-agent", agent: "toast", bead: "b1" } },
	"a mayor's stop": { name: "mayor.restart", target: "mayor", effect: { kind: "stop-agent", agent: "mayor", bead: null } },
	"a kill": { name: "agent.kill", target: "toast", effect: { kind: "kill-agent", agent: "toast", bead: "b1" } },
	"an interrupt": {
		name: "agent.interrupt", target: "toast", effect: { kind: "interrupt-agent", agent: "toast" }, lateAfter: 20_000,
	},
	"an answer": {
		name: "agent.answer-permission", target: "toast", params: { permission: "per_1", reply: "always" },
		effect: { kind: "answer-permission", agent: "toast", permission: "per_1", reply: "always" }, lateAfter: 20_000,
	},
	"a container's stop": {
		name: "container.stop", target: "t", effect: { kind: "container", verb: "stop" }, lateAfter: 90_000,
	},
	"a container's restart": {
		name: "container.restart", target: "t", effect: { kind: "container", verb: "restart" }, lateAfter: 90_000,
	},
	"a pause": { name: "container.pause", target: "t", effect: { kind: "container", verb: "stop" }, lateAfter: 90_000 },
}; // biome-ignore format: a table
const kinds = Object.entries(KINDS);
const passing = kinds.filter(([, { lateAfter }]) => lateAfter !== undefined);
const ending = kinds.filter(([, { lateAfter }]) => lateAfter === undefined);

const subjectOf = ({ target }: Kind) => (target === "t" ? null : target);
function order(town: TestTown, { name, target, params = {} }: Kind): string {
	atWork(town);
	const receipt = town.interventions.apply(town.order(name, target, params));
	expect(receipt).toMatchObject({ outcome: "applied" });
	return receipt.id;
}
const statusOf = (town: TestTown, id: string) => town.interventions.outsideOf(id).map(({ status }) => status);

test.each(kinds)(
	"LEDGER-2: %s is asked once, with the id as its key, of the process and container of then",
	(_, kind) =>
		inTown(async (town) => {
			const id = order(town, kind);
			expect(town.asked).toEqual([]);
			expect(town.agenda.due("interventions")).toBe(town.now);
			expect(town.state("stops")?.awaited).toMatchObject([
				{ id, kind: (kind.effect as { kind: string }).kind, agent: subjectOf(kind), status: "pending" },
			]);
			town.carryOut = async () => ({ is: "done" });
			await town.interventions.runOutside();
			await town.interventions.runOutside();
			const agent = subjectOf(kind);
			const attempt = agent && town.agent(agent)?.current_attempt_id;
			expect(town.asked).toEqual([
				{
					effect: kind.effect,
					key: id,
					instance: "i-1",
					// Of a reset the agent is at nothing any more: what it was at is meant.
					attempt: attempt ?? (agent && expect.any(String)),
				},
			]);
			expect(statusOf(town, id)).toEqual(["done"]);
			expect(town.state("stops")).toEqual({ awaited: [], failed: [] });
			expect(town.agenda.due("interventions")).toBeNull();
		}),
);

test.each(kinds)(
	"LEDGER-2: a crash between the asking and the record of %s asks again with the same key",
	async (_, kind) => {
		const at = newTown();
		const id = await inTown((town) => order(town, kind), at);
		const asked: string[] = [];
		await expect(
			runInDurableObject(env.BARE.get(at), async (_, ctx) => {
				const town = new TestTown(ctx);
				town.carryOut = async ({ key }) => {
					asked.push(key);
					await ctx.storage.sync();
					ctx.abort("crashed");
					return await new Promise<never>(() => {});
				};
				await town.interventions.runOutside();
			}),
		).rejects.toThrow("crashed");
		await again(at, async (town) => {
			// Planned for when any answer would have come, before it is too late.
			const due = town.agenda.due("interventions") ?? 0;
			expect(due).toBeGreaterThan(town.now + 10_000);
			town.now = due;
			town.carryOut = async () => ({ is: "done" });
			await town.interventions.runOutside();
			expect([...asked, ...town.asked.map(({ key }) => key)]).toEqual([id, id]);
			expect(statusOf(town, id)).toEqual(["done"]);
		});
	},
);

test.each(kinds)("LEDGER-2: %s that is refused comes to nothing, and the town says why", (_, kind) =>
	inTown(async (town) => {
		const id = order(town, kind);
		town.carryOut = async () => ({
			is: "refused",
			message: "not with ghp_abcdefghijklmnopqrstuvwxyz0123456789",
		});
		await town.interventions.runOutside();
		expect(statusOf(town, id)).toEqual(["failed"]);
		expect(town.state("stops")).toMatchObject({
			awaited: [],
			failed: [{ id, agent: subjectOf(kind), status: "failed", error: "not with [redacted]" }],
		});
		town.now += 600_000;
		await town.interventions.runOutside();
		expect(town.asked).toHaveLength(1);
	}),
);

test.each(kinds)("LEDGER-2: %s that reaches nobody is tried again, ever later, until it is done", (_, kind) =>
	inTown(async (town) => {
		const id = order(town, kind);
		town.carryOut = () => Promise.reject(new Error("no route"));
		const waits: number[] = [];
		for (let n = 0; n < 3; n++) {
			await town.interventions.runOutside();
			expect(town.interventions.outsideOf(id)).toMatchObject([
				{ status: "pending", tries: n + 1, error: "no route" },
			]);
			expect(town.state("stops")?.awaited).toMatchObject([{ error: "no route" }]);
			const due = town.agenda.due("interventions") ?? 0;
			waits.push(due - town.now);
			town.now = due;
		}
		expect(waits).toEqual([1_000, 2_000, 4_000]);
		town.carryOut = async () => ({ is: "done" });
		await town.interventions.runOutside();
		expect(new Set(town.asked.map(({ key }) => key))).toEqual(new Set([id]));
		expect(town.interventions.outsideOf(id)).toMatchObject([{ status: "done", error: null }]);
	}),
);

test.each(passing)("LEDGER-2: %s that could not be asked for too long fails with the last error", (_, kind) =>
	inTown(async (town) => {
		const id = order(town, kind);
		town.carryOut = () => Promise.reject(new Error("no route"));
		const end = town.now + (kind.lateAfter ?? 0);
		while (statusOf(town, id)[0] === "pending") {
			await town.interventions.runOutside();
			town.now = town.agenda.due("interventions") ?? town.now;
		}
		expect(town.now).toBeGreaterThanOrEqual(end);
		expect(town.state("stops")?.failed).toMatchObject([{ id, error: "no route" }]);
	}),
);

test.each(passing)(
	"LEDGER-2: %s is not asked for by a town that wakes too late: it would meet something else",
	(_, kind) =>
		inTown(async (town) => {
			const id = order(town, kind);
			town.now += kind.lateAfter ?? 0;
			await town.interventions.runOutside();
			expect(town.asked).toEqual([]);
			expect(town.state("stops")?.failed).toMatchObject([{ id, error: "It was not answered in time." }]);
			expect(town.agenda.due("interventions")).toBeNull();
		}),
);

test.each(kinds)("LEDGER-2: only a stop or kill holds its agent and bead: %s", (name, kind) =>
	inTown((town) => {
		order(town, kind);
		const isEnd = ending.some(([one]) => one === name);
		const agent = subjectOf(kind) ?? "toast";
		expect(town.interventions.isHeld("agent", agent)).toBe(isEnd);
		expect(town.interventions.isHeld("bead", "b1")).toBe(isEnd && agent === "toast");
	}),
);
