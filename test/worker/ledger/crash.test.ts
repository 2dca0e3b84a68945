import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { LedgerEntry } from "../../../shared/protocol/index.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, newTown, type Page, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { alarm, isEntry, later, ledgerOf, priorityOf, proposal, steps, type Town, value } from "./kit.ts";

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

/** Crashes at a step, comes back, lets the agenda run; what the town has and what the ledger says must then agree. */
async function crashAt(town: Town, page: Page, crash: () => void): Promise<LedgerEntry[]> {
	crash();
	const proposed = proposal();
	page.send({ ...proposed, id: "p" });
	await page.isClosed();
	vi.restoreAllMocks();
	await later(town, 0);
	await vi.waitFor(
		async () => {
			await alarm(town);
			expect(await steps(town)).toContain("outcome");
		},
		{ timeout: 5_000 },
	);
	// A late arrival is refused, whatever it finds.
	const { t: _, intervention, ...order } = proposed;
	const again = await town.stub
		.applyIntervention({ ...order, id: intervention, admin: TEST_USERS.ada.id } as never)
		.catch(() =>
			town.stub.applyIntervention({ ...order, id: intervention, admin: TEST_USERS.ada.id } as never),
		);
	const entries = await ledgerOf(town);
	expect(entries.find(({ step }) => step === "outcome")?.body.outcome).toBe(again.outcome);
	return entries;
}

test("LEDGER-2: the session crashes after the intent, before the town heard: never, and a late arrival is refused", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const entries = await crashAt(town, page, () => {
		vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async () => {
			await abort(env.ADMIN_SESSION, town.id);
			throw new Error("the order was lost on its way");
		});
	});
	expect(entries.map(({ step, body }) => [step, body.outcome])).toEqual([
		["intent", undefined],
		["outcome", "never"],
	]);
	expect(await priorityOf(town)).toBe("medium");
});

test("LEDGER-2: the session crashes after the town applied it: the outcome is the receipt, and it is done once", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	const entries = await crashAt(town, page, () => {
		vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
			const receipt = await apply.call(this, order);
			await abort(env.ADMIN_SESSION, town.id);
			return receipt;
		});
	});
	expect(entries[1]).toMatchObject({ step: "outcome", body: { outcome: "applied" } });
	expect(await priorityOf(town)).toBe("high");
});

test("LEDGER-2: the town crashes before it is durable: settled in the same breath, the answer says never", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(async () => {
		await abort(env.TOWN, town.id);
		throw new Error("crash");
	});
	const answer = value(await page.ask(proposal()));
	expect(answer.receipt.outcome).toBe("never");
	expect(await steps(town)).toEqual(["intent", "outcome"]);
});

test("LEDGER-2: the town crashes after it applied: the answer is the receipt that it kept", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(async function (
		this: TownDO,
		order,
	) {
		await apply.call(this, order);
		await abort(env.TOWN, town.id);
		throw new Error("crash");
	});
	const answer = value(await page.ask(proposal()));
	expect(answer.receipt.outcome).toBe("applied");
	await page.until(isEntry("proof"));
});

test("LEDGER-2: agent.reset over a crash: done once, and proven when the process has really ended", async () => {
	const town = await newTown();
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "started", process_id: "p-1" });
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		const receipt = await apply.call(this, order);
		await abort(env.ADMIN_SESSION, town.id);
		return receipt;
	});
	const reset = {
		name: "agent.reset",
		target: town.toast,
		params: {},
		saw: { status: "working", current_hook_bead_id: "bead-1", container_process_id: "p-1" },
	};
	page.send({ ...proposal(reset), id: "p" });
	await page.isClosed();
	vi.restoreAllMocks();
	await vi.waitFor(
		async () => {
			await alarm(town);
			expect((await ledgerOf(town)).at(-1)).toMatchObject({ step: "outcome", body: { outcome: "applied" } });
		},
		{ timeout: 5_000 },
	);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status: "idle",
		current_hook_bead_id: null,
	});
	// Its rows are as they should be, its process is not gone yet: no proof.
	const back = await watch(town.id, "bo");
	expect(await steps(town)).toEqual(["intent", "outcome"]);
	await town.report("completions", {
		agent_id: town.toast,
		attempt_id,
		status: "stopped",
		exit_code: 0,
		signal: "SIGTERM",
		reason: "stopped by an intervention",
	});
	await back.until(isEntry("proof"));
	const entries = await ledgerOf(town);
	expect(entries.map(({ step }) => step)).toEqual(["intent", "outcome", "proof"]);
	expect(entries.at(-1)?.body).toMatchObject({ seen: true, missing: [] });
});

test("LEDGER-2: a town that cannot be asked leaves it unknown, says so, and is asked until it answers", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
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
