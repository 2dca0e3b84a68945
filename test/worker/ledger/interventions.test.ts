import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { TownStateValue } from "../../../shared/gastown/index.ts";
import { verifyChain } from "../../../shared/interventions/chain.ts";
import type { Answer, Down, LedgerEntry } from "../../../shared/protocol/index.ts";
import { sha256 } from "../../../worker/admin-session/ledger/ledger.ts";
import { stillListed } from "../../../worker/admin-session/ledger/seen.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, newTown, openPage, type Page, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";

beforeAll(seedDirectory);
afterEach(() => vi.restoreAllMocks());

type Town = Awaited<ReturnType<typeof newTown>>;

/** The ledger without how the town was opened and left. */
async function ledgerOf(town: Town): Promise<LedgerEntry[]> {
	return runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) =>
		state.storage.sql
			.exec<Record<string, string>>("SELECT * FROM ledger WHERE step <> 'access' ORDER BY n")
			.toArray()
			.map((row) => ({
				...row,
				body: JSON.parse(row.body as string),
				admin: row.admin && JSON.parse(row.admin),
			})),
	) as unknown as LedgerEntry[];
}
const steps = async (town: Town) => (await ledgerOf(town)).map(({ step }) => step);

const proposal = (more: Record<string, unknown> = {}) => ({
	t: "propose",
	intervention: crypto.randomUUID(),
	name: "bead.priority",
	target: "bead-1",
	params: { priority: "high" },
	reason: "it is urgent",
	saw: { priority: "medium" },
	finding: null,
	...more,
});
const priorityOf = async (town: Town) => (await town.row("beads", "bead-1")).priority;
const value = (answer: Answer) =>
	(answer as { value?: unknown }).value as {
		receipt: { outcome: string; seq: number };
		entries: LedgerEntry[];
	};
const isEntry = (step: string) => (message: Down) =>
	message.t === "intervention" && message.entries.some((entry) => entry.step === step);
const later = (town: Town, ms: number) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (instance: AdminSessionDO) => {
		instance.clock = () => Date.now() + ms;
	});
const alarm = (town: Town) => runDurableObjectAlarm(env.ADMIN_SESSION.getByName(town.id));

test("LEDGER-1: intent, outcome and proof are entries, in that order, and every viewer sees them", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const other = await watch(town.id, "bo");
	const proposed = proposal();
	const answer = value(await page.ask(proposed));
	expect(answer.receipt.outcome).toBe("applied");
	expect(answer.entries.slice(0, 2).map(({ step }) => step)).toEqual(["intent", "outcome"]);
	expect(answer.entries[0]).toMatchObject({
		id: proposed.intervention,
		admin: { id: TEST_USERS.ada.id, email: TEST_USERS.ada.email },
		body: {
			name: "bead.priority",
			target: "bead-1",
			target_name: "Fix the door",
			params: { priority: "high" },
			reason: "it is urgent",
			case: "case 7",
			saw: { priority: "medium" },
		},
	});
	expect(await priorityOf(town)).toBe("high");
	const proof = (await other.until(isEntry("proof"))) as Extract<Down, { t: "intervention" }>;
	expect(proof.entries.at(-1)).toMatchObject({
		id: proposed.intervention,
		body: { seen: true, missing: [], seq: expect.any(Number) },
	});
	expect(await steps(town)).toEqual(["intent", "outcome", "proof"]);
	const chain = await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) =>
		state.storage.sql.exec("SELECT * FROM ledger ORDER BY n").toArray(),
	);
	expect(await verifyChain(town.id, chain as never, sha256)).toMatchObject({ ok: true });
});

test("LEDGER-1: the intent is written before the town hears of it", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	let before: string[] = [];
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		before = await steps(town);
		return apply.call(this, order);
	});
	await page.ask(proposal());
	expect(before).toEqual(["intent"]);
});

test("LEDGER-2: the same proposal twice is done once, and answered twice alike", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const proposed = proposal();
	const [first, second] = await Promise.all([page.ask(proposed), page.ask(proposed)]);
	expect(value(first as Answer).receipt).toEqual(value(second as Answer).receipt);
	expect(value(await page.ask(proposed)).receipt).toEqual(value(first as Answer).receipt);
	expect((await steps(town)).filter((step) => step === "intent")).toHaveLength(1);
	expect((await steps(town)).filter((step) => step === "outcome")).toHaveLength(1);
});

test("LEDGER-1: an id that was used for something else, or by somebody else, does nothing", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const other = await watch(town.id, "bo");
	const proposed = proposal();
	await page.ask(proposed);
	const forged = { ...proposed, params: { priority: "low" } };
	expect(await page.ask(forged)).toMatchObject({ ok: false, error: { code: "id_in_use" } });
	expect(await other.ask(proposed)).toMatchObject({ ok: false, error: { code: "id_in_use" } });
	expect(await priorityOf(town)).toBe("high");
});

test("LEDGER-1: no other route reaches a town's interventions", async () => {
	const town = await newTown();
	for (const path of [
		`/api/towns/${town.id}/interventions`,
		`/api/towns/${town.id}/container/gastown/applyIntervention`,
		`/api/towns/${town.id}/applyIntervention`,
		`/api/towns/${town.id}/container/applyIntervention`,
	]) {
		const answer = await exports.default.fetch(
			new Request(`${TEST_ORIGIN}${path}`, {
				method: "POST",
				headers: { Origin: TEST_ORIGIN, "Content-Type": "application/json" },
				body: JSON.stringify(proposal()),
			}),
		);
		expect([401, 403, 404, 405]).toContain(answer.status);
	}
	await expect(town.call("applyIntervention" as never, proposal() as never)).rejects.toThrow();
	expect(await priorityOf(town)).toBe("medium");
});

test("LEDGER-5: what the admin saw has changed: refused, naming it, as an outcome of its intent", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	await town.must("updateBead", { bead_id: "bead-1", fields: { priority: "low" } });
	const answer = value(await page.ask(proposal()));
	expect(answer.receipt.outcome).toBe("refused");
	expect(JSON.stringify(answer.receipt)).toContain("low");
	expect(await steps(town)).toEqual(["intent", "outcome"]);
	expect(await priorityOf(town)).toBe("low");
});

test("LEDGER-5: what would change nothing says so", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const answer = value(await page.ask(proposal({ params: { priority: "medium" } })));
	expect(answer.receipt.outcome).toBe("noop");
});

test("SOCKET-3: a click made blind is refused and leaves no entry", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	vi.spyOn(TownDO.prototype, "fetch").mockImplementation(() => new Response("restarting", { status: 503 }));
	await abort(env.TOWN, town.id);
	await page.until(
		(message) =>
			message.t === "session" &&
			message.feeds.some(({ feed, state }) => feed === "town" && state === "waiting"),
	);
	expect(await page.ask(proposal())).toMatchObject({ ok: false, error: { code: "blind" } });
	const early = await openPage(town.id);
	expect(await early.ask(proposal())).toMatchObject({ ok: false, error: { code: "say_hello" } });
	expect(await steps(town)).toEqual([]);
});

test("LEDGER-11: refusals are entries, at most one per admin, reason and minute", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const bad = { name: "town.destroy" };
	for (let n = 0; n < 3; n++)
		expect(await page.ask(proposal(bad))).toMatchObject({ error: { code: "unknown_intervention" } });
	expect(await page.ask(proposal({ name: "constructor" }))).toMatchObject({
		error: { code: "unknown_intervention" },
	});
	expect(await page.ask(proposal({ params: { priority: "extreme" } }))).toMatchObject({
		error: { code: "bad_params", message: expect.stringContaining("priority") },
	});
	const other = await watch(town.id, "bo");
	await other.ask(proposal(bad));
	expect((await ledgerOf(town)).map(({ step, admin, body }) => [step, admin?.id, body.code])).toEqual([
		["refusal", TEST_USERS.ada.id, "unknown_intervention"],
		["refusal", TEST_USERS.ada.id, "bad_params"],
		["refusal", TEST_USERS.bo.id, "unknown_intervention"],
	]);
	await later(town, 61_000);
	await page.ask(proposal(bad));
	expect(await steps(town)).toHaveLength(4);
});

test("LEDGER-11: opening the town is an entry with its case, leaving one with its duration", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const watcher = await watch(town.id, "bo");
	await page.hello();
	await later(town, 90_000);
	page.close();
	await vi.waitFor(async () => {
		const answer = await watcher.ask({ t: "query", question: { kind: "ledger" } });
		const rows = (answer as unknown as { value: { rows: LedgerEntry[] } }).value.rows.reverse();
		expect(rows.map(({ step, admin, body }) => [step, admin?.name, body.event, body.case])).toEqual(
			expect.arrayContaining([
				["access", "Ada Admin", "opened", "case 7"],
				["access", "Ada Admin", "left", "case 7"],
				["access", "Bo Admin", "opened", "case 7"],
			]),
		);
		expect(rows).toHaveLength(3);
		expect(rows.find(({ body }) => body.event === "left")?.body.seconds).toBeGreaterThanOrEqual(89);
	});
});

test("LEDGER-11: who was here when the session crashed left unseen", async () => {
	const town = await newTown();
	await watch(town.id);
	await abort(env.ADMIN_SESSION, town.id);
	const back = await watch(town.id, "bo");
	const answer = await back.ask({ t: "query", question: { kind: "ledger" } });
	const rows = (answer as unknown as { value: { rows: LedgerEntry[] } }).value.rows;
	expect(rows.filter(({ body }) => body.event === "left")).toMatchObject([
		{ admin: { name: "Ada Admin" }, body: { seconds: null } },
	]);
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

test("LEDGER-8: the finding acted on is told cleared when the town's own diagnosis no longer lists it", async () => {
	const town = await newTown();
	await town.inside((_, state) => {
		state.storage.sql.exec("UPDATE beads SET assignee_agent_bead_id = 'ghost' WHERE bead_id = 'bead-1'");
	});
	const look = () => runDurableObjectAlarm(env.TOWN.getByName(town.id));
	const listed = async () =>
		((await town.row("town_state", "health")).value as TownStateValue<"health">).findings.map(
			({ code }) => code,
		);
	await town.setClock(Date.now() + 5_000);
	await look();
	expect(await listed()).toContain("bead.dead-assignee");

	const page = await watch(town.id);
	const finding = {
		code: "bead.dead-assignee",
		subject: { kind: "bead", id: "bead-1" },
		sentence: "nobody will come",
	};
	const reassign = {
		name: "bead.reassign",
		params: { agent: null },
		saw: { status: "open", assignee_agent_bead_id: "ghost", hooked_by: [] },
		finding,
	};
	const answer = value(await page.ask(proposal(reassign)));
	expect(answer.receipt).toMatchObject({ outcome: "applied" });
	await page.until(isEntry("proof"));
	expect(await steps(town)).toEqual(["intent", "outcome", "proof"]);

	await town.setClock(Date.now() + 15_000);
	await look();
	expect(await listed()).not.toContain("bead.dead-assignee");
	const told = (await page.until(isEntry("cleared"))) as Extract<Down, { t: "intervention" }>;
	expect(told.entries.at(-1)?.body).toMatchObject({
		cleared: true,
		finding: "bead.dead-assignee:bead:bead-1",
	});
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
	expect(stillListed(row(["c:bead:1"]), "c:bead:1", Date.parse(at))).toBe(true);
	expect(stillListed(row(["c:bead:2"]), "c:bead:1", Date.parse(at))).toBe(false);
	// A diagnosis from before it says nothing, nor does a row that is none.
	expect(stillListed(row([]), "c:bead:1", Date.parse(at) + 1)).toBe(true);
	expect(stillListed(null, "c:bead:1", 0)).toBe(true);
});
