import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { LedgerEntry } from "../../../shared/protocol/index.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import {
	alarm, countdown, isEntry, isPaused, later, ledgerOf, pause, proposal, steps, type Town, value,
} from "./kit.ts"; // biome-ignore format: a list

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

/** A town with a page of Ada's and one of Bo's, in which five seconds are counted. */
async function watched(): Promise<{ town: Town; ada: Page; bo: Page }> {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	await countdown(town, 5_000);
	return { town, ada, bo };
}
type Page = Awaited<ReturnType<typeof watch>>;

/** For how many seconds it can be cancelled. */
const waitOf = (intent: LedgerEntry | undefined) =>
	Math.round(((intent?.body.due as number) - (intent?.at as number)) / 1_000);

/** The session's clock after the seconds. */
async function secondsEnd(town: Town): Promise<void> {
	await later(town, 5_001);
	await alarm(town);
}

test("LEDGER-7: what is not safe waits five seconds, seen by all, and is then done", async () => {
	const { town, ada, bo } = await watched();
	const proposed = pause(town);
	const answer = value(await ada.ask(proposed));
	expect(answer.receipt).toBeNull();
	const [intent] = answer.entries;
	expect(waitOf(intent)).toBe(5);
	expect(await bo.until(isEntry("intent"))).toMatchObject({ entries: [intent] });
	await later(town, 4_000);
	await alarm(town);
	expect(await isPaused(town)).toBe(false);
	await secondsEnd(town);
	expect(await isPaused(town)).toBe(true);
	await bo.until(isEntry("proof"));
	expect(await steps(town)).toEqual(["intent", "started", "outcome", "proof"]);
	// A repeat is answered with what became of it.
	expect(value(await ada.ask(proposed)).receipt.outcome).toBe("applied");
});

test("LEDGER-7: what is safe goes at once", async () => {
	const { town, ada } = await watched();
	expect(value(await ada.ask(proposal())).receipt.outcome).toBe("applied");
	expect((await ledgerOf(town))[0]?.body).not.toHaveProperty("due");
});

test("LEDGER-7: a longer countdown of one person counts, a shorter one does not", async () => {
	const { town, ada } = await watched();
	const dueAfter = async (wait_ms: number) => {
		const proposed = pause(town, { wait_ms });
		const [intent] = value(await ada.ask(proposed)).entries;
		await ada.ask({ t: "cancel", of: proposed.intervention });
		return waitOf(intent);
	};
	expect([await dueAfter(20_000), await dueAfter(1_000)]).toEqual([20, 5]);
});

test("LEDGER-7: anybody who watches cancels it, with an entry that says who, and it is never done", async () => {
	const { town, ada, bo } = await watched();
	const proposed = pause(town);
	await ada.ask(proposed);
	expect(await bo.ask({ t: "cancel", of: proposed.intervention })).toMatchObject({
		ok: true,
		value: { entries: [{ step: "cancelled", admin: { id: TEST_USERS.bo.id, name: TEST_USERS.bo.name } }] },
	});
	await ada.until(isEntry("cancelled"));
	await secondsEnd(town);
	expect(await steps(town)).toEqual(["intent", "cancelled"]);
	expect(await isPaused(town)).toBe(false);
	expect(value(await ada.ask(proposed)).receipt).toBeNull();
	expect(await ada.ask({ t: "cancel", of: proposed.intervention })).toMatchObject({
		ok: false,
		error: { code: "cancelled", message: `${TEST_USERS.bo.name} has cancelled it already.` },
	});
	expect(await isPaused(town)).toBe(false);
});

test("LEDGER-7: what is done, or was never proposed, cannot be cancelled, and the answer says which", async () => {
	const { town, ada } = await watched();
	const proposed = pause(town);
	await ada.ask(proposed);
	await secondsEnd(town);
	const refused = async (of: string) => await ada.ask({ t: "cancel", of });
	expect(await refused(proposed.intervention)).toMatchObject({ ok: false, error: { code: "too_late" } });
	expect(await refused(crypto.randomUUID())).toMatchObject({
		...{ ok: false, error: { code: "nothing_to_cancel" } },
	});
});

test("LEDGER-7: leaving the page does not cancel", async () => {
	const { town, ada, bo } = await watched();
	await ada.ask(pause(town));
	ada.close();
	bo.close();
	await vi.waitFor(() => secondsEnd(town));
	await vi.waitFor(async () => expect(await isPaused(town)).toBe(true));
});

test("LEDGER-7: rights are checked again when the seconds end", async () => {
	const { town, ada } = await watched();
	await ada.ask(pause(town));
	await env.DB.prepare("UPDATE kilocode_users SET is_admin = 0 WHERE id = ?").bind(TEST_USERS.ada.id).run();
	await secondsEnd(town);
	await env.DB.prepare("UPDATE kilocode_users SET is_admin = 1 WHERE id = ?").bind(TEST_USERS.ada.id).run();
	expect((await ledgerOf(town)).at(-1)).toMatchObject({
		step: "outcome",
		body: { outcome: "refused", code: "rights" },
	});
	expect(await isPaused(town)).toBe(false);
});

test("LEDGER-7: what was looked at is checked again when the seconds end", async () => {
	const { town, ada } = await watched();
	await ada.ask({
		...proposal({ name: "agent.unhook", target: town.toast, params: {} }),
		saw: { status: "idle", current_hook_bead_id: null },
	});
	// Nothing to do is told at once.
	expect((await ledgerOf(town)).at(-1)).toMatchObject({ body: { outcome: "noop" } });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const unhook = proposal({
		...{ name: "agent.unhook", target: town.toast, params: {} },
		saw: { status: "idle", current_hook_bead_id: "bead-1" },
	});
	expect(value(await ada.ask(unhook)).receipt).toBeNull();
	await town.must("unhookBead", { agent_id: town.toast });
	await secondsEnd(town);
	expect((await ledgerOf(town)).at(-1)).toMatchObject({
		step: "outcome",
		body: { outcome: "noop" },
	});
});

test("LEDGER-7: what was safe when it was proposed and is not when it arrives is refused, for nobody could cancel it", async () => {
	const { town, ada } = await watched();
	const check = TownDO.prototype.checkIntervention;
	vi.spyOn(TownDO.prototype, "checkIntervention").mockImplementationOnce(async function (
		this: TownDO,
		order,
	) {
		return { ...(await check.call(this, order)), danger: "safe" };
	});
	expect(value(await ada.ask(pause(town))).receipt).toMatchObject({ outcome: "refused", code: "danger" });
	expect(await isPaused(town)).toBe(false);
});

test("LEDGER-7: meanwhile a second proposal for the same target is refused, naming the first admin", async () => {
	const { town, ada, bo } = await watched();
	await ada.ask(pause(town));
	const answer = value(await bo.ask(pause(town, { params: { hours: 2 } })));
	expect(answer.receipt).toMatchObject({
		...{ outcome: "refused", code: "rival" },
		message: expect.stringContaining(`${TEST_USERS.ada.name} asked for "Pause dispatch in`),
	});
	const own = value(await ada.ask(pause(town, { params: { hours: 2 } })));
	expect(own.receipt).toMatchObject({
		...{ outcome: "refused", code: "rival" },
		message: expect.stringContaining("you asked for"),
	});
	await secondsEnd(town);
	expect(await town.row("town_state", "dispatch_pause")).toMatchObject({
		value: { by: TEST_USERS.ada.id },
	});
});

test("LEDGER-7: all of a selection are cancelled by their shared id", async () => {
	const { town, ada, bo } = await watched();
	const bulk = crypto.randomUUID();
	const basil = `${town.id}/basil`;
	await town.must("createAgent", { id: basil, role: "polecat", name: "Basil", rig_id: "rig-1" });
	await town.must("createBead", { id: "bead-2", title: "Paint the door", rig_id: "rig-1" });
	for (const [agent, bead] of [
		[town.toast, "bead-1"],
		[basil, "bead-2"],
	] as const) {
		await town.must("hookBead", { agent_id: agent, bead_id: bead });
		const saw = { status: "idle", current_hook_bead_id: bead };
		await ada.ask(proposal({ name: "agent.unhook", target: agent, params: {}, saw, bulk }));
	}
	expect(await bo.ask({ t: "cancel", of: bulk })).toMatchObject({
		value: { entries: [{ step: "cancelled" }, { step: "cancelled" }] },
	});
	await secondsEnd(town);
	expect(await steps(town)).toEqual(["intent", "intent", "cancelled", "cancelled"]);
});
