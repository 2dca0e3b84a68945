import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { apiError } from "../../../shared/directory/index.ts";
import { CLOSE } from "../../../shared/protocol/index.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { app } from "../../../worker/api/app.ts";
import { PostgresDirectory } from "../../../worker/directory/postgres.ts";
import { newTown, watch } from "../session/console.ts";
import { seedDirectory, signIn } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";
import { fillPostgres, owner } from "./directories.ts";

const reader = () => env.HYPERDRIVE as Hyperdrive;

beforeEach(async () => {
	await seedDirectory();
	await fillPostgres(Object.values(TEST_USERS), []);
});

/** The database answers nobody: as when it is down, but for its owner, who can bring it back. */
async function takeDown(): Promise<void> {
	const sql = owner();
	await sql`ALTER ROLE townwatch_reader NOLOGIN`;
	await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'townwatch_reader'`;
}
const bringBack = async () => void (await owner()`ALTER ROLE townwatch_reader LOGIN`);
afterEach(bringBack);

const ask = async (path: string, hyperdrive: Hyperdrive, email: string = TEST_USERS.ada.email) =>
	app.fetch(
		new Request(`${TEST_ORIGIN}${path}`, { headers: { "Cf-Access-Jwt-Assertion": await signIn(email) } }),
		{ ...env, HYPERDRIVE: hyperdrive },
	);

test("DIRECTORY-2: where a Hyperdrive is bound, Gastown's own rows say who is an admin, and the console's say nothing", async () => {
	expect((await ask("/api/me", reader())).status).toBe(200);
	expect((await ask("/api/users?q=cleo", reader())).status).toBe(200);
	await owner()`UPDATE kilocode_users SET is_admin = false WHERE id = ${TEST_USERS.ada.id}`;
	const refused = await ask("/api/me", reader());
	expect([refused.status, apiError.parse(await refused.json()).error.code]).toEqual([403, "not_admin"]);
});

test("DIRECTORY-2: the console may read what it needs of a foreign directory, and write nothing", async () => {
	const sql = owner();
	const may = async (statement: string) => {
		const as = `SET LOCAL ROLE townwatch_reader; SET LOCAL search_path = townwatch, public; ${statement}`;
		return sql
			.unsafe(`BEGIN; ${as}; ROLLBACK`)
			.simple()
			.then(
				() => true,
				async () => {
					await sql`ROLLBACK`;
					return false;
				},
			);
	};
	expect(await may("SELECT id, google_user_email, is_admin, blocked_at FROM kilocode_users")).toBe(true);
	expect(await may("SELECT api_token_pepper FROM kilocode_users")).toBe(false);
	expect(await may("SELECT api_token_pepper FROM public.kilocode_users")).toBe(false);
	expect(await may("UPDATE public.kilocode_users SET is_admin = true")).toBe(false);
	expect(await may("UPDATE kilocode_users SET is_admin = true")).toBe(false);
	expect(await may("DELETE FROM organization_memberships")).toBe(false);
});

test("DIRECTORY-3: with a directory that is down nobody new gets in, and nobody is told that they are no admin", async () => {
	const refusal = async (path: string, hyperdrive: Hyperdrive) => {
		const answer = await ask(path, hyperdrive);
		const { code, message } = apiError.parse(await answer.json()).error;
		return [answer.status, code, message];
	};
	const down = [503, "directory_unavailable", expect.stringContaining("could not be read")];
	expect(await refusal("/api/me", env.DOWN)).toEqual(down);
	expect(await refusal("/api/users?q=ada", env.DOWN)).toEqual(down);
	await takeDown();
	expect(await refusal("/api/me", reader())).toEqual(down);
	await bringBack();
	expect((await ask("/api/me", reader())).status).toBe(200);
});

test("DIRECTORY-3: an outage is an error, never nobody", async () => {
	const directory = new PostgresDirectory(env.DOWN.connectionString);
	await expect(directory.find({ id: "user/bo" })).rejects.toThrow();
	await expect(directory.search("bo")).rejects.toThrow();
	await expect(directory.membershipsOf(["user/bo"])).rejects.toThrow();
});

test("DIRECTORY-3: an open session goes on until its next check, and is then told why it ends", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const session = env.ADMIN_SESSION.getByName(town.id);
	const watchAfter = async (ms: number) => {
		await runInDurableObject(session, (instance: AdminSessionDO) => {
			instance.clock = () => Date.now() + ms;
		});
		expect(await runDurableObjectAlarm(session)).toBe(true);
	};
	await takeDown();
	await watchAfter(31_000);
	expect(page.closedWith).toBeNull();
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
	await watchAfter(62_000);
	expect((await page.isClosed()).code).toBe(CLOSE.unavailable);
	expect(page.messages.at(-1)).toMatchObject({
		t: "goodbye",
		reason: expect.stringContaining("directory does not answer"),
	});
});
