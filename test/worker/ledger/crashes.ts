import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { Ledger } from "../../../worker/admin-session/ledger/ledger.ts";
import { Proofs } from "../../../worker/admin-session/ledger/proofs.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, logOf, watch } from "../session/console.ts";
import { TEST_USERS } from "../support/identities.ts";
import { townOf } from "../town/support.ts";
import { askedIn, container } from "./container.ts";
import { alarm, later, ledgerOf, proposal, type Town } from "./kit.ts";

/** Never ends: whoever waits for it dies with its object. */
export const forever = () => new Promise<never>(() => {});
export const killTown = (town: Town) => abort(env.TOWN, town.id);
const killSession = (town: Town) => abort(env.ADMIN_SESSION, town.id);
/** The town after a crash: a stub that was made before it is of no use any more. */
export const back = ({ id, toast }: Town): Town => ({ ...townOf(id), toast });
const sessionState = (town: Town) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) => state);
const townState = (town: TownDO) => (town as unknown as { ctx: DurableObjectState }).ctx;
type Order = Parameters<TownDO["applyIntervention"]>[0];
const apply = TownDO.prototype.applyIntervention;
const onApply = (then: (this: TownDO, order: Order) => Promise<never>) =>
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(then);
export const noAlarm = () => vi.spyOn(TownDO.prototype, "alarm").mockImplementation(forever);

export type Outcome = "nothing" | "never" | "applied";
/** The steps at which an object may die, and what the ledger has to say of it. */
export const CRASHES: Record<string, { says: Outcome; arrange(town: Town): unknown }> = {
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
		arrange(town) {
			noAlarm();
			onApply(async function (order) {
				await apply.call(this, order);
				await townState(this).storage.sync();
				expect(askedIn(town.id)).toEqual([]);
				townState(this).abort("test: crash");
				return forever();
			});
		},
	},
};

/** Proposes, lets it crash, brings everything back, with a container that is well; gives the id and the proposal. */
export async function crashed(
	town: Town,
	what: Record<string, unknown>,
	arrange: (town: Town) => unknown,
	after: () => void = container,
): Promise<{ id: string; proposed: ReturnType<typeof proposal> }> {
	const page = await watch(town.id);
	await arrange(town);
	const proposed = proposal(what);
	page.send({ ...proposed, id: "p" });
	await vi.waitFor(
		() => expect(page.closedWith ?? page.messages.find((m) => m.t === "answer" && m.id === "p")).toBeTruthy(),
		{ timeout: 5_000 },
	);
	vi.restoreAllMocks();
	after();
	await later(town, 0);
	await alarm(town);
	return { id: proposed.intervention, proposed };
}

/** What the town's object says of the order when it arrives again. */
export async function arrivesAgain(
	town: Town,
	{ intervention: id, name, target, params, saw, reason }: ReturnType<typeof proposal>,
): Promise<string> {
	const order = { id, name, target, params, saw, reason, admin: TEST_USERS.ada.id };
	return (await town.stub.applyIntervention(order)).outcome;
}

/** Batches that this intervention itself made: how often it was applied. */
export const times = async (town: Town, id: string): Promise<number> =>
	(await logOf(town, 0)).filter(({ cause }) => cause?.kind === "intervention" && cause.id === id).length;

/** The ledger without how the town was opened, when it is as long as it will be. */
export const ends = (town: Town, says: Outcome): Promise<unknown> =>
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
