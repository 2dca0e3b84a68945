import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { CLOSE, LIMITS } from "../../../shared/protocol/index.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { signTicket } from "../../../worker/auth/ticket.ts";
import { TownDO } from "../../../worker/town-do.ts";
import { seedDirectory } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";
import { fetchTicket, newTown, openPage, openSocket, type Page, watch } from "./console.ts";

beforeAll(seedDirectory);
// Tests take rights away; each begins with them.
beforeEach(seedDirectory);
afterEach(() => vi.restoreAllMocks());

const session = (town: string) => env.ADMIN_SESSION.getByName(town);
const later = (town: string, ms: number) =>
	runInDurableObject(session(town), (instance: AdminSessionDO) => {
		instance.clock = () => Date.now() + ms;
	});
const ledgerOf = (town: string) =>
	runInDurableObject(session(town), (_, state) =>
		state.storage.sql
			.exec<{ step: string; body: string }>("SELECT step, body FROM ledger ORDER BY n")
			.toArray()
			.map(({ step, body }) => ({ step, ...(JSON.parse(body) as Record<string, unknown>) })),
	);

/** What a refused page sees: the reason in words, then the code. */
async function refused(page: Page, code: number, word: string): Promise<void> {
	expect((await page.isClosed()).code).toBe(code);
	const goodbye = page.messages.at(-1);
	expect(goodbye).toMatchObject({ t: "goodbye", code });
	expect(JSON.stringify(goodbye)).toContain(word);
}

test.each([
	["no Origin", {}],
	["a foreign Origin", { Origin: "https://evil.test" }],
])("SOCKET-4: a socket with %s is accepted and closed with the reason", async (_, headers) => {
	const town = await newTown();
	await refused(
		await openSocket((await fetchTicket(town.id, "ada")).url, headers as Record<string, string>),
		CLOSE.badOrigin,
		"console",
	);
});

test("SEC-2: a ticket opens one socket, not two", async () => {
	const town = await newTown();
	const { url } = await fetchTicket(town.id, "ada");
	const [first, second] = await Promise.all([openSocket(url), openSocket(url)]);
	await expect.poll(() => [first.closedWith, second.closedWith].filter(Boolean).length).toBe(1);
	await refused(first.closedWith ? first : second, CLOSE.badTicket, "used before");
	expect(await ledgerOf(town.id)).toMatchObject([{ step: "refusal", what: "socket", code: "ticket_used" }]);
});

test("SEC-2: no ticket, a late one, one of another town and a forged one open nothing", async () => {
	const [town, other] = [await newTown(), await newTown()];
	const path = `/ws/towns/${town.id}`;
	await refused(await openSocket(path), CLOSE.badTicket, "no ticket");
	const foreign = await fetchTicket(other.id, "ada");
	await refused(await openSocket(`${path}?ticket=${foreign.ticket}`), CLOSE.badTicket, "another town");
	await refused(await openSocket(`${path}?ticket=${foreign.ticket}x`), CLOSE.badTicket, "not one of this");
	const { id, email, name } = TEST_USERS.ada;
	const late = await signTicket(
		env.TICKET_SECRET,
		{
			id: crypto.randomUUID(),
			admin: { id, email, name },
			town: town.id,
			identityExpiresAt: Date.now() + 60_000,
		},
		Date.now() - 31_000,
	);
	await refused(await openSocket(`${path}?ticket=${late.token}`), CLOSE.badTicket, "30 seconds");
});

test("SEC-2: a ticket is not given for a town that does not exist", async () => {
	await expect(fetchTicket("nowhere", "ada")).rejects.toThrow("no_such_town");
	await expect(fetchTicket("a town\n", "ada")).rejects.toThrow("bad_town_id");
});

test("SEC-2: a ticket of somebody who is no admin by now opens nothing, and that is an entry", async () => {
	const town = await newTown();
	const { url } = await fetchTicket(town.id, "bo");
	await env.DB.prepare("UPDATE kilocode_users SET is_admin = 0 WHERE id = ?").bind(TEST_USERS.bo.id).run();
	await refused(await openSocket(url), CLOSE.forbidden, "not an admin");
	expect(await ledgerOf(town.id)).toMatchObject([{ step: "refusal", code: "not_admin" }]);
});

test.each([
	["revoked", "UPDATE kilocode_users SET is_admin = 0 WHERE id = ?", "not an admin"],
	["blocked", "UPDATE kilocode_users SET blocked_at = '2026-01-01' WHERE id = ?", "blocked"],
])("SEC-2: an admin who is %s while watching is out within a minute, though silent", async (_, sql, word) => {
	const town = await newTown();
	const page = await watch(town.id, "bo");
	const stays = await watch(town.id);
	await env.DB.prepare(sql).bind(TEST_USERS.bo.id).run();
	expect(page.closedWith).toBeNull();
	await later(town.id, 31_000);
	expect(await runDurableObjectAlarm(session(town.id))).toBe(true);
	await refused(page, CLOSE.forbidden, word);
	expect(stays.closedWith).toBeNull();
	const [entry] = (await ledgerOf(town.id)).filter(({ step }) => step === "refusal");
	expect(entry).toMatchObject({ what: "stay", message: expect.stringContaining(TEST_USERS.bo.email) });
	expect(JSON.stringify(entry)).toContain(word);
});

test("SEC-2: rights are checked on a message when the last answer is a minute old", async () => {
	const town = await newTown();
	const page = await watch(town.id, "bo");
	await env.DB.prepare("UPDATE kilocode_users SET is_admin = 0 WHERE id = ?").bind(TEST_USERS.bo.id).run();
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
	await later(town.id, 61_000);
	page.send({ t: "query", id: "late", question: { kind: "ledger" } });
	await refused(page, CLOSE.forbidden, "not an admin");
	expect(page.messages.some((message) => message.t === "answer" && message.id === "late")).toBe(false);
});

test("SEC-2: a socket does not outlive the identity it was opened with, unless renewed", async () => {
	const town = await newTown();
	const [renewed, not] = [await watch(town.id), await watch(town.id)];
	const ends = 8 * 3_600_000;
	const { id, email, name } = TEST_USERS.ada;
	const fresh = (admin: { id: string; email: string; name: string }) =>
		signTicket(
			env.TICKET_SECRET,
			{ id: crypto.randomUUID(), admin, town: town.id, identityExpiresAt: Date.now() + 2 * ends },
			Date.now(),
		);
	const other = await fresh({ id: TEST_USERS.bo.id, email: TEST_USERS.bo.email, name: TEST_USERS.bo.name });
	expect(await renewed.ask({ t: "renew", ticket: other.token })).toMatchObject({
		error: { code: "ticket_of_another" },
	});
	const { token } = await fresh({ id, email, name });
	expect(await renewed.ask({ t: "renew", ticket: token })).toMatchObject({ ok: true });
	expect(await renewed.ask({ t: "renew", ticket: token })).toMatchObject({ error: { code: "ticket_used" } });
	await later(town.id, ends + 1_000);
	await runDurableObjectAlarm(session(town.id));
	await refused(not, CLOSE.identityExpired, "expired");
	expect(renewed.closedWith).toBeNull();
});

test("SEC-3: no more sockets of one admin than allowed; others may come", async () => {
	const town = await newTown();
	const pages: Page[] = [];
	for (let n = 0; n < LIMITS.socketsPerAdmin; n++) pages.push(await openPage(town.id));
	await refused(await openPage(town.id), CLOSE.tooMany, "Close one");
	await watch(town.id, "bo");
	pages[0]?.close();
	await expect.poll(async () => (await openPage(town.id)).closedWith).toBeNull();
});

test.each([
	["text that is not JSON", "{", CLOSE.badMessage],
	["a message of no known kind", JSON.stringify({ t: "nonsense" }), CLOSE.badMessage],
	["JSON that is no object", "[1]", CLOSE.badMessage],
	["a message over 64 KiB", JSON.stringify({ t: "ping", id: "x".repeat(70_000) }), CLOSE.tooLarge],
	[
		"one over 64 KiB in bytes, not in characters",
		JSON.stringify({ t: "ping", id: "é".repeat(40_000) }),
		CLOSE.tooLarge,
	],
	["a page of another version", JSON.stringify({ t: "hello", version: 999, strange: true }), CLOSE.oldPage],
])("SEC-3: %s closes the socket with its code", async (_, text, code) => {
	const town = await newTown();
	const page = await watch(town.id);
	page.send(text);
	expect((await page.isClosed()).code).toBe(code);
	expect(page.messages.at(-1)).toMatchObject({ t: "goodbye", code });
});

test("SEC-3: a request with a wrong field is answered, naming it, and the socket stays", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const answer = await page.ask({ t: "query", question: { kind: "ledger", limit: 0 } });
	expect(answer).toMatchObject({ ok: false, error: { code: "bad_request" } });
	expect(JSON.stringify(answer)).toContain("question.limit");
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
});

test("SEC-3: more than 120 messages in a minute close the socket; credits and pings have their own limits", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	for (let n = 0; n < 500; n++) page.send({ t: "credit", bytes: 1 });
	for (let n = 0; n < 50; n++) page.send({ t: "ping", id: `p${n}` });
	expect(await page.ask({ t: "focus", on: null })).toMatchObject({ ok: true });
	for (let n = 0; n < 120; n++) page.send({ t: "focus", id: `f${n}`, on: "x" });
	await refused(page, CLOSE.tooMany, "120");
});

test("SOCKET-3: before `hello` nothing is done", async () => {
	const town = await newTown();
	const page = await openPage(town.id);
	expect(await page.ask({ t: "query", question: { kind: "ledger" } })).toMatchObject({
		ok: false,
		error: { code: "say_hello" },
	});
	await page.until((message) => message.t === "session" && message.say_hello);
});

test("SEC-3: a socket that never says hello does not keep its place", async () => {
	const town = await newTown();
	const page = await openPage(town.id);
	await later(town.id, 61_000);
	await runDurableObjectAlarm(session(town.id));
	await refused(page, CLOSE.badMessage, "hello");
});

test("SESSION-8: who leaves while their hello is on its way holds nothing open", async () => {
	const town = await newTown();
	const page = await openPage(town.id);
	const describe = TownDO.prototype.describe;
	let asked = false;
	vi.spyOn(TownDO.prototype, "describe").mockImplementation(async function (this: TownDO) {
		asked = true;
		await scheduler.wait(200);
		return describe.call(this);
	});
	page.hello().catch(() => {});
	await vi.waitFor(() => expect(asked).toBe(true));
	page.close();
	await scheduler.wait(300);
	expect(await town.inside((_, state) => state.getWebSockets().length)).toBe(0);
});

test("SOCKET-5: a ping tells the session's clock and the town's", async () => {
	const town = await newTown();
	await town.setClock(Date.now() + 3_600_000);
	const page = await watch(town.id);
	const answer = (await page.ask({ t: "ping" })) as { value?: unknown };
	const { now, town_now } = answer.value as { now: number; town_now: number };
	expect(Math.abs(now - Date.now())).toBeLessThan(2_000);
	expect(Math.abs(town_now - now - 3_600_000)).toBeLessThan(2_000);
});

test("SEC-2: the session trusts its Origin list, where the worker's own origin always is", async () => {
	const town = await newTown();
	const page = await openSocket((await fetchTicket(town.id, "ada")).url, { Origin: TEST_ORIGIN });
	await page.hello();
	expect((await page.live()).closedWith).toBeNull();
});
