import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import type { Down } from "../../../shared/protocol/index.ts";
import { abort, newTown, openPage, type Page, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { alarm, later, ledgerOf, proposal, steps, type Town } from "./kit.ts";

beforeAll(seedDirectory);

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

/** How the town was opened and left, oldest first. */
async function accesses(town: Town): Promise<unknown[]> {
	const rows = await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) =>
		state.storage.sql
			.exec<{ admin: string; body: string }>(
				"SELECT admin, body FROM ledger WHERE step = 'access' ORDER BY n",
			)
			.toArray(),
	);
	return rows.map(({ admin, body }) => {
		const { event, case: why, seconds } = JSON.parse(body);
		// How long the test itself took is no matter.
		return [JSON.parse(admin).name, event, why, seconds && Math.round(seconds / 10) * 10];
	});
}

/** Closes a page and waits until the session knows. */
async function leave(page: Page, seenBy: Page): Promise<void> {
	const { viewer } = (await page.until(({ t }) => t === "welcome")) as Extract<Down, { t: "welcome" }>;
	page.close();
	await vi.waitFor(() => {
		const told = seenBy.messages.findLast(({ t }) => t === "session") as Extract<Down, { t: "session" }>;
		expect(told.viewers.map(({ id }) => id)).not.toContain(viewer);
	});
}

/** The session's clock stands so many seconds from now, and what is due by then is done. */
async function after(town: Town, seconds: number): Promise<void> {
	await later(town, seconds * 1_000);
	await alarm(town);
}

/** Opens the town again so many seconds from now. Its ticket is fetched by the worker, whose clock goes as ever. */
async function reopen(town: Town, seconds: number): Promise<Page> {
	await later(town, 0);
	const page = await openPage(town.id);
	await later(town, seconds * 1_000);
	await page.hello();
	return page;
}

test("LEDGER-11: opening the town is an entry with its case; leaving it is one, a minute after the last page, with its duration", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const watcher = await watch(town.id, "bo");
	await page.hello();
	await after(town, 90);
	await leave(page, watcher);
	const opened = [
		["Ada Admin", "opened", "case 7", null],
		["Bo Admin", "opened", "case 7", null],
	];
	await after(town, 145);
	expect(await accesses(town)).toEqual(opened);
	await after(town, 151);
	expect(await accesses(town)).toEqual([...opened, ["Ada Admin", "left", "case 7", 90]]);
	await reopen(town, 152);
	expect((await accesses(town)).at(-1)).toEqual(["Ada Admin", "opened", "case 7", null]);
});

test("LEDGER-11: a second tab and a reload within a minute are the same access, which ends with the last of them", async () => {
	const town = await newTown();
	const watcher = await watch(town.id, "bo");
	const first = await watch(town.id);
	const second = await watch(town.id);
	await leave(first, watcher);
	await after(town, 100);
	await leave(second, watcher);
	await after(town, 150);
	const reloaded = await reopen(town, 151);
	await after(town, 240);
	expect(await accesses(town)).toHaveLength(2);
	await leave(reloaded, watcher);
	await after(town, 301);
	expect(await accesses(town)).toEqual([
		["Bo Admin", "opened", "case 7", null],
		["Ada Admin", "opened", "case 7", null],
		["Ada Admin", "left", "case 7", 240],
	]);
});

test("LEDGER-11: another case of the same admin is another access", async () => {
	const town = await newTown();
	const watcher = await watch(town.id, "bo");
	const page = await watch(town.id);
	const other = await openPage(town.id);
	await other.hello({ reason: "case 8" });
	await leave(page, watcher);
	await after(town, 61);
	expect((await accesses(town)).slice(1)).toEqual([
		["Ada Admin", "opened", "case 7", null],
		["Ada Admin", "opened", "case 8", null],
		["Ada Admin", "left", "case 7", 0],
	]);
});

test("LEDGER-11: after a crash who comes back has never left, who does not left unseen", async () => {
	const town = await newTown();
	await watch(town.id);
	await watch(town.id, "bo");
	await abort(env.ADMIN_SESSION, town.id);
	await watch(town.id, "bo");
	await after(town, 50);
	const opened = [
		["Ada Admin", "opened", "case 7", null],
		["Bo Admin", "opened", "case 7", null],
	];
	expect(await accesses(town)).toEqual(opened);
	await after(town, 61);
	expect(await accesses(town)).toEqual([...opened, ["Ada Admin", "left", "case 7", null]]);
});
