import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Ledger } from "../../../worker/admin-session/ledger/ledger.ts";
import { Proofs } from "../../../worker/admin-session/ledger/proofs.ts";
import { TownContainerDO } from "../../../worker/town-container-do.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, logOf, newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { townOf } from "../town/support.ts";
import { alarm, later, ledgerOf, proposal, steps, type Town, value } from "./kit.ts";

beforeAll(seedDirectory);

/** Idempotency keys of the stops that the container was asked for. */
const stops: string[] = [];
const container = (answered: () => Promise<void> = async () => {}) =>
	vi.spyOn(TownContainerDO.prototype, "control").mockImplementation(async ({ key = "" }) => {
		stops.push(key);
		await answered();
		return { ok: true, status: 200, body: { stopped: true } };
	});
beforeEach(() => {
	stops.length = 0;
	container();
});
afterEach(() => {
	vi.restoreAllMocks();
});

/** Never ends: whoever waits for it dies with its object. */
const forever = () => new Promise<never>(() => {});
const killSession = (town: Town) => abort(env.ADMIN_SESSION, town.id);
/** The town after a crash: a stub that was made before it is of no use any more. */
const back = ({ id, toast }: Town): Town => ({ ...townOf(id), toast });
const killTown = (town: Town) => abort(env.TOWN, town.id);
const sessionState = (town: Town) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) => state);
const townState = (town: TownDO) => (town as unknown as { ctx: DurableObjectState }).ctx;
type Order = Parameters<TownDO["applyIntervention"]>[0];
const apply = TownDO.prototype.applyIntervention;
const onApply = (then: (this: TownDO, order: Order) => Promise<never>) =>
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(then);

type Outcome = "nothing" | "never" | "applied";
/** The steps at which an object may die, and what the ledger has to say of it. */
const CRASHES: Record<string, { says: Outcome; arrange(town: Town): unknown }> = {
	"the session, before the intent": {
		says: "nothing",
		arrange: (town) =>
			vi.spyOn(TownDO.prototype, "checkIntervention").mockImplementationOnce(async () => {
				await killSession(town);
				return forever();
			}),
	},
	"the session, in the turn that writes the intent": {
		says: "nothing",
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
	"the session, after the intent, before the town heard": {
		says: "never",
		arrange: (town) =>
			onApply(async () => {
				await killSession(town);
				return forever();
			}),
	},
	"the session, after the town applied it": {
		says: "applied",
		arrange: (town) =>
			onApply(async function (order) {
				await apply.call(this, order);
				await killSession(town);
				return forever();
			}),
	},
	"the session, after the outcome, before its proof": {
		says: "applied",
		async arrange(town) {
			const state = await sessionState(town);
			vi.spyOn(Proofs.prototype, "frame").mockImplementation(() => {});
			vi.spyOn(Proofs.prototype, "lookUp").mockImplementationOnce(async () => {
				await state.storage.sync();
				state.abort("test: crash");
			});
		},
	},
	"the town, before it applied it": {
		says: "never",
		arrange: (town) =>
			onApply(async () => {
				await killTown(town);
				return forever();
			}),
	},
	"the town, in the turn that applies it": {
		says: "never",
		arrange: () =>
			onApply(function (order) {
				void apply.call(this, order);
				townState(this).abort("test: crash");
				return forever();
			}),
	},
	"the town, after it applied it, before anything outside was asked": {
		says: "applied",
		arrange() {
			vi.spyOn(TownDO.prototype, "alarm").mockImplementation(forever);
			onApply(async function (order) {
				await apply.call(this, order);
				await townState(this).storage.sync();
				expect(stops).toEqual([]);
				townState(this).abort("test: crash");
				return forever();
			});
		},
	},
};

/** Proposes, lets it crash, brings everything back; gives the id and what the ledger says when all is done. */
async function crashed(town: Town, what: Record<string, unknown>, arrange: (town: Town) => unknown) {
	const page = await watch(town.id);
	await arrange(town);
	const proposed = proposal(what);
	page.send({ ...proposed, id: "p" });
	await vi.waitFor(
		() => expect(page.closedWith ?? page.messages.find((m) => m.t === "answer" && m.id === "p")).toBeTruthy(),
		{ timeout: 5_000 },
	);
	vi.restoreAllMocks();
	container();
	await later(town, 0);
	await alarm(town);
	return { id: proposed.intervention, proposed };
}

/** What the town's object says of the order when it arrives again. */
async function arrivesAgain(
	town: Town,
	{ intervention: id, name, target, params, saw, reason }: ReturnType<typeof proposal>,
) {
	const order = { id, name, target, params, saw, reason, admin: TEST_USERS.ada.id };
	return (await town.stub.applyIntervention(order)).outcome;
}

/** Batches that this intervention caused: how often it was done. */
const times = async (town: Town, id: string) =>
	(await logOf(town, 0)).filter(({ cause }) => cause?.id === id).length;

/** The ledger without how the town was opened, when it is as long as it will be. */
const ends = (town: Town, says: Outcome) =>
	vi.waitFor(
		async () => {
			const entries = await ledgerOf(town);
			const steps = entries.map(({ step, body }) => [step, body.outcome ?? body.seen]);
			expect(steps).toEqual(
				[
					["intent", undefined],
					["outcome", says],
					["proof", true],
				].slice(0, { nothing: 0, never: 2, applied: 3 }[says]),
			);
		},
		{ timeout: 5_000 },
	);

/** The town's clock beyond every lease and wait, and what is due by then is done. */
async function townGoesOn(town: Town): Promise<void> {
	await town.setClock(Date.now() + 40_000);
	await town.inside((instance) => instance.alarm());
}

async function startWork(town: Town): Promise<(town: Town) => Promise<unknown>> {
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "started", process_id: "p-1" });
	const end = {
		status: "stopped",
		exit_code: 0,
		signal: "SIGTERM",
		reason: "stopped by an intervention",
	} as const;
	return (after) => after.report("completions", { agent_id: town.toast, attempt_id, ...end });
}
const resetOf = (town: Town) => ({
	name: "agent.reset",
	target: town.toast,
	params: {},
	saw: { status: "working", current_hook_bead_id: "bead-1", container_process_id: "p-1" },
});

const cases = Object.entries(CRASHES).map(([at, { says, arrange }]) => [at, says, arrange] as const);

test.each(cases)("LEDGER-2: one of the database over a crash of %s: %s, once", async (_, says, arrange) => {
	const before = await newTown();
	const { id, proposed } = await crashed(before, {}, arrange);
	const town = back(before);
	await ends(town, says);
	expect(await times(town, id)).toBe(says === "applied" ? 1 : 0);
	if (says !== "nothing") expect(await arrivesAgain(town, proposed)).toBe(says);
	expect(await times(town, id)).toBe(says === "applied" ? 1 : 0);
	expect(await town.row("beads", "bead-1")).toMatchObject({
		priority: says === "applied" ? "high" : "medium",
	});
	expect(stops).toEqual([]);
});

test.each(cases)("LEDGER-2: one with a process over a crash of %s: %s, once", async (_, says, arrange) => {
	const before = await newTown();
	const processEnds = await startWork(before);
	const { id, proposed } = await crashed(before, resetOf(before), arrange);
	const town = back(before);
	await townGoesOn(town);
	expect(new Set(stops)).toEqual(new Set(says === "applied" ? [id] : []));
	if (says === "applied") {
		// Its rows are as they should be, its process is not gone yet: no proof.
		await vi.waitFor(async () => expect(await steps(town)).toEqual(["intent", "outcome"]));
		expect(
			await town.inside((_, { storage }) => storage.sql.exec("SELECT status FROM ordered_effects").one()),
		).toEqual({ status: "asked" });
		await processEnds(town);
	}
	await ends(town, says);
	expect(await times(town, id)).toBe(says === "applied" ? 1 : 0);
	if (says !== "nothing") expect(await arrivesAgain(town, proposed)).toBe(says);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject(
		says === "applied"
			? { status: "idle", current_hook_bead_id: null, container_process_id: null }
			: { status: "working", current_hook_bead_id: "bead-1", container_process_id: "p-1" },
	);
});

test("LEDGER-2: the town crashes after the stop was asked, before it is recorded: asked again with the same key, done once", async () => {
	const town = await newTown();
	const processEnds = await startWork(town);
	const { id } = await crashed(town, resetOf(town), () =>
		vi.spyOn(TownDO.prototype, "alarm").mockImplementation(forever),
	);
	expect(stops).toEqual([]);
	vi.restoreAllMocks();
	container(async () => {
		await killTown(town);
		return forever();
	});
	await town.inside((instance) => instance.alarm()).catch(() => {});
	expect(stops).toEqual([id]);
	vi.restoreAllMocks();
	container();
	await townGoesOn(town);
	expect(stops.length).toBeGreaterThan(1);
	expect(new Set(stops)).toEqual(new Set([id]));
	await processEnds(back(town));
	await ends(town, "applied");
	expect(await times(back(town), id)).toBe(1);
});

test("LEDGER-2: a town that cannot be asked leaves it unknown, says so, and is asked until it answers", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	onApply(async function (order) {
		await apply.call(this, order);
		throw new Error("the answer was lost");
	});
	const settle = vi.spyOn(TownDO.prototype, "settleIntervention").mockRejectedValue(new Error("unreachable"));
	expect(await page.ask(proposal())).toMatchObject({ ok: false, error: { code: "outcome_unknown" } });
	expect((await ledgerOf(town)).at(-1)?.body.outcome).toBe("unknown");
	await later(town, 3_000);
	await alarm(town);
	expect(await steps(town)).toEqual(["intent", "outcome"]);
	settle.mockRestore();
	await later(town, 60_000);
	await alarm(town);
	expect(
		(await ledgerOf(town)).filter(({ step }) => step === "outcome").map(({ body }) => body.outcome),
	).toEqual(["unknown", "applied"]);
});

test("LEDGER-2: what was lost before its intent can be proposed again under its id", async () => {
	const town = await newTown();
	const { proposed } = await crashed(
		town,
		{},
		CRASHES["the session, before the intent"]?.arrange ?? (() => {}),
	);
	const page = await watch(town.id);
	expect(value(await page.ask(proposed)).receipt.outcome).toBe("applied");
	expect(await times(town, proposed.intervention)).toBe(1);
});
