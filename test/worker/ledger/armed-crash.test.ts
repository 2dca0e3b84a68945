import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { Ledger } from "../../../worker/admin-session/ledger/ledger.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, logOf, newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { townOf } from "../town/support.ts";
import { alarm, countdown, isPaused, later, ledgerOf, pause, steps, type Town } from "./kit.ts";

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

/** Never ends: whoever waits for it dies with its object. */
const forever = () => new Promise<never>(() => {});
const killSession = (town: Town) => abort(env.ADMIN_SESSION, town.id);
const killTown = (town: Town) => abort(env.TOWN, town.id);
const apply = TownDO.prototype.applyIntervention;
type Order = Parameters<TownDO["applyIntervention"]>[0];
const onApply = (then: (this: TownDO, order: Order) => Promise<never>) =>
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(then);
const sessionState = (town: Town) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) => state);

/** Proposes what waits five seconds; gives its id. */
async function arm(town: Town): Promise<string> {
	const page = await watch(town.id);
	await countdown(town, 5_000);
	const proposed = pause(town);
	await page.ask(proposed);
	return proposed.intervention;
}

async function secondsEnd(town: Town, ms = 5_001): Promise<void> {
	await later(town, ms);
	await alarm(town);
}

const times = async (town: Town, id: string) =>
	(await logOf(town, 0)).filter(({ cause }) => cause?.id === id).length;

/** Done once, whatever died meanwhile. */
async function isDoneOnce(before: Town, id: string, outcome = "applied"): Promise<void> {
	const town: Town = { ...townOf(before.id), toast: before.toast };
	await vi.waitFor(
		async () =>
			expect((await ledgerOf(town)).find(({ step }) => step === "outcome")?.body.outcome).toBe(outcome),
		{ timeout: 5_000 },
	);
	expect((await steps(town)).filter((step) => step === "outcome")).toHaveLength(1);
	expect(await times(town, id)).toBe(outcome === "applied" ? 1 : 0);
	expect(await isPaused(town)).toBe(outcome === "applied");
}

test("LEDGER-7: the session dies while the seconds count: they end when they would have, and it is done once", async () => {
	const town = await newTown();
	const id = await arm(town);
	await killSession(town);
	await later(town, 4_000);
	await alarm(town);
	expect(await steps(town)).toEqual(["intent"]);
	await secondsEnd(town);
	await isDoneOnce(town, id);
});

test("LEDGER-7: the session dies in the turn that arms it: nothing was proposed", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	await countdown(town, 5_000);
	const state = await sessionState(town);
	const append = Ledger.prototype.append;
	vi.spyOn(Ledger.prototype, "append").mockImplementationOnce(function (this: Ledger, step) {
		const entry = append.call(this, step);
		state.abort("test: crash");
		return entry;
	});
	page.send({ ...pause(town), id: "p" });
	await vi.waitFor(() => expect(page.closedWith).toBeTruthy(), { timeout: 5_000 });
	vi.restoreAllMocks();
	await secondsEnd(town);
	expect(await steps(town)).toEqual([]);
	expect(await isPaused(town)).toBe(false);
});

const CRASHES: Record<string, { outcome?: string; arrange(town: Town): unknown }> = {
	"the session, when it is due, before the town heard": {
		arrange: (town) =>
			onApply(async () => {
				await killSession(town);
				return forever();
			}),
	},
	"the session, when it is due, after the town applied it": {
		arrange: (town) =>
			onApply(async function (order) {
				await apply.call(this, order);
				await killSession(town);
				return forever();
			}),
	},
	"the session, in the turn that writes the start": {
		async arrange(town) {
			const state = await sessionState(town);
			const append = Ledger.prototype.append;
			vi.spyOn(Ledger.prototype, "append").mockImplementationOnce(function (this: Ledger, step) {
				const entry = append.call(this, step);
				state.abort("test: crash");
				return entry;
			});
		},
	},
	"the town, when it is due, before it applied it": {
		outcome: "never",
		arrange: (town) =>
			onApply(async () => {
				await killTown(town);
				return forever();
			}),
	},
};

test.each(Object.entries(CRASHES).map(([at, crash]) => [at, crash] as const))(
	"LEDGER-7: a crash of %s neither loses nor doubles it",
	async (_, { outcome, arrange }) => {
		const town = await newTown();
		const id = await arm(town);
		await arrange(town);
		await secondsEnd(town).catch(() => {});
		vi.restoreAllMocks();
		await secondsEnd(town, 6_000);
		await isDoneOnce(town, id, outcome);
		expect((await steps(town)).filter((step) => step === "started").length).toBeLessThanOrEqual(1);
	},
);

test("LEDGER-7: a session that was away for long after the seconds ended does nothing any more, and says so", async () => {
	const town = await newTown();
	const id = await arm(town);
	await killSession(town);
	await secondsEnd(town, 70_000);
	await isDoneOnce(town, id, "never");
});

test("LEDGER-7: what was cancelled stays so over a crash", async () => {
	const town = await newTown();
	const id = await arm(town);
	const page = await watch(town.id, "bo");
	await page.ask({ t: "cancel", of: id });
	await killSession(town);
	await secondsEnd(town);
	expect(await steps(town)).toEqual(["intent", "cancelled"]);
	expect(await isPaused(town)).toBe(false);
});
