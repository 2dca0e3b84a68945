import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { verifyChain } from "../../../shared/interventions/chain.ts";
import type { Answer, Down } from "../../../shared/protocol/index.ts";
import { sha256 } from "../../../worker/admin-session/ledger/ledger.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { abort, newTown, openPage, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";
import { isEntry, priorityOf, proposal, steps, value } from "./kit.ts";

const SECRET = "ghp_0123456789abcdef0123";

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

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

test("LEDGER-6: the outcome keeps how it can be put back, as it was before", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const { entries } = value(await page.ask(proposal()));
	const undo = { name: "bead.priority", params: { priority: "medium" } };
	expect(entries[1]).toMatchObject({ step: "outcome", body: { undo } });
	const back = value(await page.ask(proposal({ ...undo, saw: { priority: "high" } })));
	expect(back.receipt.outcome).toBe("applied");
	expect(await priorityOf(town)).toBe("medium");
});

test("FEED-6: a secret in what an admin says, saw or proposes never enters the ledger, its mirror or the town", async () => {
	const town = await newTown();
	const page = await openPage(town.id);
	await page.hello({ reason: `case 8, see https://ada:${SECRET}@wiki.test` });
	await page.until(({ t }) => t === "state");
	const orders: unknown[] = [];
	const apply = TownDO.prototype.applyIntervention;
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementation(async function (this: TownDO, order) {
		orders.push(order);
		return apply.call(this, order);
	});
	const secret = {
		reason: `it is urgent, GITHUB_TOKEN=${SECRET}`,
		saw: { priority: "medium", note: SECRET },
		finding: { code: "c", subject: { kind: "bead", id: "bead-1" }, sentence: `git said ${SECRET}` },
	};
	const answer = value(await page.ask(proposal(secret)));
	expect(answer.receipt).toMatchObject({ outcome: "applied" });
	const changed = value(
		await page.ask(proposal({ ...secret, params: { priority: "low" }, saw: { priority: SECRET } })),
	);
	expect(changed.receipt).toMatchObject({ outcome: "refused" });
	await page.ask(proposal({ name: SECRET }));
	const rows = await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) =>
		["ledger", "open_access"].map((table) => state.storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
	);
	expect(rows[0]?.length).toBeGreaterThan(5);
	expect(JSON.stringify([rows, orders, answer, changed])).not.toContain(SECRET);
	expect(answer.entries[0]?.body).toMatchObject({
		reason: "it is urgent, GITHUB_TOKEN=[redacted]",
		case: "case 8, see https://[redacted]@wiki.test",
		saw: { priority: "medium", note: "[redacted]" },
	});
	expect(orders[0]).toMatchObject({ reason: "it is urgent, GITHUB_TOKEN=[redacted]" });
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
