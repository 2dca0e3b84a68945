import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { goneWell } from "../../../shared/interventions/index.ts";
import { Proofs } from "../../../worker/admin-session/ledger/proofs.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { townOf } from "../town/support.ts";
import {
	alarm,
	countdown,
	isPaused,
	later,
	ledgerOf,
	pause,
	priorityOf,
	proposal,
	type Town,
} from "./kit.ts";

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

/** Priority high, then dispatch paused, then priority low: the third depends on what the first made. */
function remedyOf(town: Town, more: Record<string, unknown> = {}) {
	const asked = [
		proposal(),
		pause(town),
		proposal({ params: { priority: "low" }, saw: { priority: "medium" } }),
	];
	const steps = asked.map(({ intervention, name, target, params, saw }) => ({
		...{ intervention, name, target, params, saw },
	}));
	return {
		...{ t: "remedy", remedy: crypto.randomUUID(), steps, reason: "all three are needed", finding: null },
		...more,
	};
}
const ids = ({ steps }: ReturnType<typeof remedyOf>) => steps.map(({ intervention }) => intervention);

/** What the ledger has of each step, in order. */
async function told(town: Town, remedy: ReturnType<typeof remedyOf>): Promise<string[]> {
	const entries = await ledgerOf(town);
	return ids(remedy).map((id) =>
		entries
			.filter((entry) => entry.id === id)
			.map(({ step, body }) => (step === "outcome" ? body.outcome : step))
			.join(" "),
	);
}
const DONE = "intent started applied proof";

/** Lets everything that is due be done, until the ledger says this. */
const goesOn = (town: Town, remedy: ReturnType<typeof remedyOf>, ends: string[]) =>
	vi.waitFor(
		async () => {
			await alarm(town);
			expect(await told(town, remedy)).toEqual(ends);
		},
		{ timeout: 8_000 },
	);
const again = (before: Town): Town => ({ ...townOf(before.id), toast: before.toast });

test("LEDGER-9: a remedy is approved once: its seconds count once, then each step follows the effect of the one before", async () => {
	const town = await newTown();
	const ada = await watch(town.id);
	await countdown(town, 5_000);
	const remedy = remedyOf(town);
	const answer = await ada.ask(remedy);
	expect(answer).toMatchObject({ ok: true, value: { entries: [{ step: "intent", id: ids(remedy)[0] }] } });
	await alarm(town);
	expect(await told(town, remedy)).toEqual(["intent", "", ""]);
	await later(town, 5_001);
	await goesOn(town, remedy, [DONE, DONE, DONE]);
	const entries = await ledgerOf(town);
	expect(await priorityOf(town)).toBe("low");
	expect(await isPaused(town)).toBe(true);
	// Each is tied to the whole, and begins after the proof of the one before it.
	const of = (at: number, step: string) =>
		entries.find((entry) => entry.id === ids(remedy)[at] && entry.step === step);
	for (const at of [0, 1, 2])
		expect(of(at, "intent")?.body).toMatchObject({
			remedy: {
				id: remedy.remedy,
				step: at + 1,
				steps: ids(remedy).map((intervention) => ({ intervention })),
			},
			reason: "all three are needed",
		});
	expect(of(1, "intent")?.n).toBeGreaterThan(of(0, "proof")?.n ?? 1e9);
	expect(of(2, "intent")?.n).toBeGreaterThan(of(1, "proof")?.n ?? 1e9);
	// The third goes by what the first has made.
	expect(of(2, "intent")?.body.saw).toEqual({ priority: "high" });
	// The same again is told what became of it, and does nothing.
	await ada.ask(remedy);
	expect(await told(town, remedy)).toEqual([DONE, DONE, DONE]);
});

test("LEDGER-9: it stops at the first effect that is not seen", async () => {
	const town = await newTown();
	const ada = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(async function (
		this: TownDO,
		order,
	) {
		const receipt = await apply.call(this, order);
		const effect = { label: "p-1 gone", entity: "beads", key: "bead-1", is: { title: "?" }, outside: true };
		return { ...receipt, effects: [...receipt.effects, effect] };
	});
	const remedy = remedyOf(town);
	await ada.ask(remedy);
	await goesOn(town, remedy, ["intent started applied", "", ""]);
	await later(town, 11_000);
	await goesOn(town, remedy, [DONE, "", ""]);
	await alarm(town);
	expect(await told(town, remedy)).toEqual([DONE, "", ""]);
	expect(await isPaused(town)).toBe(false);
});

test("LEDGER-9: it stops at a step that is refused, and goes on over one that is there already", async () => {
	const town = await newTown();
	const ada = await watch(town.id);
	const [high, hold, low] = remedyOf(town).steps;
	if (!high || !hold || !low) throw new Error("three steps");
	const gone = { ...high, target: "bead-9" };
	const first = remedyOf(town, { steps: [gone, hold] });
	await ada.ask(first);
	await goesOn(town, first, ["intent started refused", ""]);
	expect(await isPaused(town)).toBe(false);
	const medium = { ...low, params: { priority: "medium" } };
	const second = remedyOf(town, { steps: [medium, { ...hold, intervention: crypto.randomUUID() }] });
	await ada.ask(second);
	await goesOn(town, second, ["intent started noop", DONE]);
});

test("LEDGER-9: anybody cancels it within its seconds, or between two steps: what was to come is not done", async () => {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	await countdown(town, 5_000);
	const whole = remedyOf(town);
	await ada.ask(whole);
	await bo.ask({ t: "cancel", of: ids(whole)[0] });
	await later(town, 5_001);
	await goesOn(town, whole, ["intent cancelled", "", ""]);

	await countdown(town, 0);
	// Its first effect is looked for as long as nothing is let through.
	const looks = [
		vi.spyOn(Proofs.prototype, "frame").mockImplementation(() => {}),
		vi.spyOn(Proofs.prototype, "lookUp").mockResolvedValue(),
	];
	const half = remedyOf(town);
	await ada.ask(half);
	await goesOn(town, half, ["intent started applied", "", ""]);
	expect(await bo.ask({ t: "cancel", of: ids(half)[2] })).toMatchObject({
		value: { entries: [{ step: "intent" }, { step: "cancelled", admin: { id: TEST_USERS.bo.id } }] },
	});
	for (const look of looks) look.mockRestore();
	await later(town, 20_000);
	await goesOn(town, half, [DONE, "intent cancelled", ""]);
	expect(await isPaused(town)).toBe(false);
});

test("LEDGER-9: it goes on where it was after the session has died between any two steps", async () => {
	let town = await newTown();
	const killed = new Set<string>();
	const ada = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		const receipt = await apply.call(this, order);
		// Each step's answer is lost once.
		if (!killed.has(order.id)) {
			killed.add(order.id);
			await abort(env.ADMIN_SESSION, town.id);
		}
		return receipt;
	});
	const remedy = remedyOf(town);
	ada.send({ ...remedy, id: "r" });
	await vi.waitFor(
		async () => {
			town = again(town);
			await alarm(town).catch(() => {});
			expect((await told(town, remedy)).map((words) => words.startsWith("intent started applied"))).toEqual([
				...[true, true, true],
			]);
		},
		{ timeout: 15_000 },
	);
	expect(killed.size).toBe(3);
	expect((await ledgerOf(town)).filter(({ step }) => step === "outcome")).toHaveLength(3);
	expect(await priorityOf(town)).toBe("low");
}, 20_000);

test("LEDGER-9: rights are checked at each step", async () => {
	const town = await newTown();
	const ada = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	const admin = (is: number) =>
		env.DB.prepare("UPDATE kilocode_users SET is_admin = ? WHERE id = ?").bind(is, TEST_USERS.ada.id).run();
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(async function (
		this: TownDO,
		order,
	) {
		await admin(0);
		return apply.call(this, order);
	});
	const remedy = remedyOf(town);
	await ada.ask(remedy);
	await goesOn(town, remedy, [DONE, "intent refused", ""]);
	await admin(1);
	expect(await isPaused(town)).toBe(false);
});

test("LEDGER-9: how a step ended is read off its entries", () => {
	const outcome = (outcome: string, effects: unknown[] = []) => ({
		step: "outcome",
		body: {
			...{ outcome, code: null, message: null, at: 1, before: {}, after: {}, seq: 1, effects, within: 1 },
		},
	});
	const effect = { label: "gone", entity: "beads", key: "b", is: "gone", outside: false };
	const proof = (seen: boolean) => ({ step: "proof", body: { seen, ms: 1, seq: 1, missing: [] } });
	expect(goneWell([])).toBeNull();
	expect(goneWell([outcome("unknown")])).toBeNull();
	expect(goneWell([outcome("applied", [effect])])).toBeNull();
	expect(goneWell([outcome("applied")])).toBe(true);
	expect(goneWell([outcome("noop")])).toBe(true);
	expect(goneWell([outcome("applied", [effect]), proof(true)])).toBe(true);
	expect(goneWell([outcome("applied", [effect]), proof(false)])).toBe(false);
	expect(goneWell([outcome("refused")])).toBe(false);
	expect(goneWell([{ step: "cancelled", body: { ms: 1 } }])).toBe(false);
});
