import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { TownDO } from "../../../worker/town-do.ts";
import { newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { askedIn, container, didIn } from "./container.ts";
import {
	arrivesAgain,
	back,
	CRASHES,
	crashed,
	ends,
	forever,
	killTown,
	noAlarm,
	type Outcome,
	times,
} from "./crashes.ts";
import { KINDS, type Kind } from "./kinds.ts";
import { alarm, later, ledgerOf, proposal, steps, type Town, value } from "./kit.ts";

beforeAll(seedDirectory);
beforeEach(() => container());
afterEach(() => {
	vi.restoreAllMocks();
});

/** Longer than an answer is waited for, shorter than what an interrupt or an answer may be late. */
const AGENT_MS = 15_500;
/** The same for what is done to the container. */
const CONTAINER_MS = 80_500;

/** The town comes back; what is due so long after now is done. */
async function goesOn(town: Town, kind: Kind, ms: number): Promise<void> {
	const at = (more: number) =>
		town.inside((instance) => {
			instance.schedules = kind.scheduled === true;
			instance.clock = () => Date.now() + ms + more;
		});
	await at(0);
	// Any change has the scheduler look.
	if (kind.scheduled)
		await town.must("setAgentStatusMessage", { agent_id: town.toast, message: crypto.randomUUID() });
	await at(100);
	await town.inside((instance) => instance.alarm());
}

const wasDone = (town: Town, what: string[], id: string) =>
	vi.waitFor(() => expect(didIn(town.id).sort()).toEqual(what.map((one) => `${one} ${id}`).sort()));

async function isThere(town: Town, kind: Kind, id: string, says: Outcome): Promise<void> {
	const { entity, key, done, not } = kind.row(town, id);
	const [row] = await town.stub.rows([{ entity, key }]);
	const wanted = says === "applied" ? done : not;
	if (wanted === null) expect(row).toBeNull();
	else expect(row).toMatchObject(wanted);
}

/** Lets the world tell that it was done: until then there is no proof, and then one. */
async function proves(town: Town, kind: Kind): Promise<void> {
	if (kind.told) {
		expect(await steps(town)).toEqual(["intent", "outcome"]);
		await kind.told(town);
	}
	await ends(town, "applied");
}

/** One of each way in which an effect is carried out; the others differ only in what is asked. */
const WAYS = [
	"of the database", "that stops a process", "that interrupts a session", "that sends a message", "that restarts the container",
]; // biome-ignore format: a list
const cases = WAYS.flatMap((of) =>
	Object.entries(CRASHES).map(([at, { says, arrange }]) => [of, at, says, arrange] as const),
);

test.each(cases)("LEDGER-2: one %s over a crash of %s: %s, once", async (of, _, says, arrange) => {
	const kind = KINDS[of] as Kind;
	const before = await newTown();
	const what = await kind.arrange(before);
	const { id, proposed } = await crashed(before, what, arrange);
	const town = back(before);
	await goesOn(town, kind, 2_000);
	await wasDone(town, says === "applied" ? kind.asks(town) : [], id);
	if (says === "applied") await proves(town, kind);
	await ends(town, says);
	expect(await times(town, id)).toBe(says === "applied" ? 1 : 0);
	if (says !== "nothing") expect(await arrivesAgain(town, proposed)).toBe(says);
	expect(await times(town, id)).toBe(says === "applied" ? 1 : 0);
	await isThere(town, kind, id, says);
});

const outside = Object.entries(KINDS).filter(([of]) => of !== "of the database");

test.each(outside)(
	"LEDGER-2: one %s, and the town crashes after it was carried out, before that is recorded: asked again with the same key, done once",
	async (_, kind) => {
		const before = await newTown();
		const what = await kind.arrange(before);
		const dead = Promise.withResolvers<void>();
		const dies = () =>
			container(async () => {
				await killTown(before);
				dead.resolve();
				return forever();
			});
		const { id } = await crashed(before, what, noAlarm, dies);
		// Where its alarm has not come by itself.
		await goesOn(before, kind, 0).catch(() => {});
		await dead.promise;
		expect(askedIn(before.id)).toHaveLength(1);
		vi.restoreAllMocks();
		container();
		const town = back(before);
		const [first = ""] = kind.asks(town);
		await goesOn(town, kind, first === "stop" ? CONTAINER_MS : AGENT_MS);
		await vi.waitFor(() => expect(askedIn(town.id)).toHaveLength(1 + kind.asks(town).length));
		await wasDone(town, kind.asks(town), id);
		await proves(town, kind);
		expect(await times(town, id)).toBe(1);
		await isThere(town, kind, id, "applied");
	},
);

test("LEDGER-2: what could not be done is closed with the truth: applied, its effect not seen, and why in the town's state", async () => {
	const town = await newTown();
	const kind = KINDS["that answers a session"] as Kind;
	const page = await watch(town.id);
	const refusal = { error: { code: "no_permission", message: "per_1 is not pending." } };
	vi.restoreAllMocks();
	container(undefined, { ok: true, status: 404, body: refusal });
	const proposed = proposal(await kind.arrange(town));
	expect(value(await page.ask(proposed)).receipt.outcome).toBe("applied");
	await goesOn(town, kind, 0);
	await vi.waitFor(async () =>
		expect((await town.row("town_state", "stops")).value).toMatchObject({
			...{ awaited: [] },
			failed: [{ id: proposed.intervention, error: "The container answered 404: per_1 is not pending." }],
		}),
	);
	await later(town, 31_000);
	await alarm(town);
	expect((await ledgerOf(town)).at(-1)).toMatchObject({
		step: "proof",
		body: { seen: false, missing: ["Toast has its answer"] },
	});
});

test("LEDGER-2: a town that cannot be asked leaves it unknown, says so, and is asked until it answers", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(async function (
		this: TownDO,
		order,
	): Promise<never> {
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
