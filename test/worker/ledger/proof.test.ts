import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { TownStateValue } from "../../../shared/gastown/index.ts";
import type { Down } from "../../../shared/protocol/index.ts";
import { isListed } from "../../../worker/admin-session/ledger/seen.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import type { TestTown } from "../town/support.ts";
import { alarm, isEntry, later, ledgerOf, proposal, steps, value } from "./kit.ts";

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

test("LEDGER-8: an effect that does not come is named when its time is over", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		const receipt = await apply.call(this, order);
		const label = "process p-1 gone";
		const effect = { label, entity: "agent_metadata", key: "toast", is: { status: "dead" }, outside: true };
		return { ...receipt, effects: [...receipt.effects, effect] };
	});
	await page.ask(proposal());
	await alarm(town);
	expect(await steps(town)).toEqual(["intent", "outcome"]);
	await later(town, 11_000);
	await alarm(town);
	const entry = (await ledgerOf(town)).at(-1);
	expect(entry).toMatchObject({ step: "proof", body: { seen: false, missing: ["process p-1 gone"] } });
});

test("LEDGER-8: an effect that comes later is seen in the feed, also by a session that crashed meanwhile", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		const receipt = await apply.call(this, order);
		const effect = { label: "closed", entity: "beads", key: "bead-1", is: { title: "Done" }, outside: true };
		return { ...receipt, effects: [...receipt.effects, effect] };
	});
	await page.ask(proposal());
	expect(await steps(town)).toEqual(["intent", "outcome"]);
	await abort(env.ADMIN_SESSION, town.id);
	// Its agenda wakes it, though nobody watches; it takes up the feed by itself.
	await later(town, 0);
	await town.must("updateBead", { bead_id: "bead-1", fields: { title: "Done" } });
	await vi.waitFor(
		async () => expect((await ledgerOf(town)).at(-1)).toMatchObject({ step: "proof", body: { seen: true } }),
		{
			timeout: 5_000,
		},
	);
});

/** The bead of a fresh town is assigned to nobody who is there, unseen by the town until it looks. */
const assign = (town: TestTown) =>
	town.inside((_, state) => {
		state.storage.sql.exec("UPDATE beads SET assignee_agent_bead_id = 'ghost' WHERE bead_id = 'bead-1'");
	});
const look = async (town: TestTown, ms: number) => {
	await town.setClock(Date.now() + ms);
	await runDurableObjectAlarm(env.TOWN.getByName(town.id));
};
const listed = async (town: TestTown) =>
	((await town.row("town_state", "health")).value as TownStateValue<"health">).findings.map(
		({ code }) => code,
	);
const reassign = {
	name: "bead.reassign",
	params: { agent: null },
	saw: { status: "open", assignee_agent_bead_id: "ghost", hooked_by: [] },
	finding: {
		code: "bead.dead-assignee",
		subject: { kind: "bead", id: "bead-1" },
		sentence: "nobody will come",
	},
};

test("LEDGER-8: the finding acted on is told cleared when the town's own diagnosis no longer lists it, and come back when it lists it again", async () => {
	const town = await newTown();
	await assign(town);
	await look(town, 5_000);
	expect(await listed(town)).toContain("bead.dead-assignee");

	const page = await watch(town.id);
	const answer = value(await page.ask(proposal(reassign)));
	expect(answer.receipt).toMatchObject({ outcome: "applied" });
	await page.until(isEntry("proof"));
	expect(await steps(town)).toEqual(["intent", "outcome", "proof"]);

	await look(town, 15_000);
	expect(await listed(town)).not.toContain("bead.dead-assignee");
	const told = (await page.until(isEntry("cleared"))) as Extract<Down, { t: "intervention" }>;
	expect(told.entries.at(-1)?.body).toMatchObject({
		cleared: true,
		finding: "bead.dead-assignee:bead:bead-1",
	});

	await assign(town);
	// Any change makes the town look at itself.
	await town.must("createBead", { title: "One more", rig_id: "rig-1" });
	await look(town, 25_000);
	await vi.waitFor(async () =>
		expect(await steps(town)).toEqual(["intent", "outcome", "proof", "cleared", "cleared"]),
	);
	expect((await ledgerOf(town)).at(-1)?.body).toMatchObject({
		cleared: false,
		finding: "bead.dead-assignee:bead:bead-1",
	});
	// It is told once: the watch is over.
	await town.must("createBead", { title: "And one", rig_id: "rig-1" });
	await look(town, 35_000);
	expect(await steps(town)).toHaveLength(5);
});

test("LEDGER-8: who acts before the town has looked is told cleared all the same, once it has", async () => {
	const town = await newTown();
	await look(town, 5_000);
	expect(await listed(town)).toEqual([]);
	await assign(town);
	const page = await watch(town.id);
	await town.setClock(Date.now() + 6_000);
	expect(value(await page.ask(proposal(reassign))).receipt).toMatchObject({ outcome: "applied" });
	await page.until(isEntry("proof"));
	await look(town, 15_000);
	await page.until(isEntry("cleared"));
	expect(await steps(town)).toEqual(["intent", "outcome", "proof", "cleared"]);
});

test("LEDGER-8: a diagnosis that came before the last effect counts as soon as that is seen", async () => {
	const town = await newTown();
	await assign(town);
	await look(town, 5_000);
	const page = await watch(town.id);
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		const receipt = await apply.call(this, order);
		const effect = { label: "closed", entity: "beads", key: "bead-1", is: { title: "Done" }, outside: true };
		return { ...receipt, effects: [...receipt.effects, effect] };
	});
	await page.ask(proposal(reassign));
	await look(town, 15_000);
	expect(await listed(town)).toEqual([]);
	expect(await steps(town)).toEqual(["intent", "outcome"]);
	await town.must("updateBead", { bead_id: "bead-1", fields: { title: "Done" } });
	await page.until(isEntry("cleared"));
	expect(await steps(town)).toEqual(["intent", "outcome", "proof", "cleared"]);
});

test("LEDGER-8: a finding that is still listed after the intervention is not told cleared", async () => {
	const at = "2026-11-22T12:00:00.000Z";
	const row = (findings: string[], when = at) => ({
		key: "health",
		value: {
			light: "warning",
			reason: "",
			at: when,
			findings: findings.map((subject) => ({ code: "c", subject, severity: "warning", since: 1 })),
		},
	});
	expect(isListed(row(["c:bead:1"]), "c:bead:1", Date.parse(at))).toBe(true);
	expect(isListed(row(["c:bead:2"]), "c:bead:1", Date.parse(at))).toBe(false);
	// A diagnosis from before it says nothing, nor does a row that is none.
	expect(isListed(row([]), "c:bead:1", Date.parse(at) + 1)).toBeNull();
	expect(isListed(null, "c:bead:1", 0)).toBeNull();
});
