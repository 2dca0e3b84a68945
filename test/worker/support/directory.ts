import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { TEST_USERS } from "./identities.ts";

/** Makes the tables of D1 and the people of TEST_USERS in them. May be called again. */
export async function seedDirectory(): Promise<void> {
	await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
	await env.DB.batch(
		Object.values(TEST_USERS).map((user) =>
			env.DB.prepare(
				"INSERT OR REPLACE INTO kilocode_users (id, email, name, is_admin, blocked_at, created_at) VALUES (?, ?, ?, ?, ?, ?)",
			).bind(
				user.id,
				user.email,
				user.name,
				user.is_admin ? 1 : 0,
				user.blocked ? "2026-01-01T00:00:00Z" : null,
				"2025-01-01T00:00:00Z",
			),
		),
	);
}

/** The same in a D1 that holds nothing else: test files share one, and what the ledger wrote cannot be deleted from it. */
export async function emptyDirectory(): Promise<void> {
	const { results } = await env.DB.prepare(
		"SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY type = 'table'",
	).all<{ type: string; name: string }>();
	await env.DB.batch([
		env.DB.prepare("PRAGMA defer_foreign_keys = ON"),
		...results.map(({ type, name }) => env.DB.prepare(`DROP ${type} "${name}"`)),
	]);
	await seedDirectory();
}

/** Signs in at the local issuer as a browser does; the token that it set as a cookie. */
export async function signIn(email: string): Promise<string> {
	const answer = await fetch(
		`${env.ACCESS_TEAM_DOMAIN}/cdn-cgi/access/login/console.test?as=${encodeURIComponent(email)}&redirect_url=/`,
		{ method: "POST", redirect: "manual" },
	);
	const cookie = /CF_Authorization=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "");
	if (!cookie?.[1]) throw new Error(`no sign-in for ${email}: ${answer.status} ${await answer.text()}`);
	return cookie[1];
}
