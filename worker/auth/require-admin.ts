import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { problem } from "../api/problem.ts";
import { directoryOf } from "../directory/index.ts";
import { logFailure } from "../log.ts";
import { accessKeys, checkIdentity } from "./identity.ts";
import { type Admin, rightsOf } from "./rights.ts";

/** For routes behind `requireAdmin`. `identityExpiresAt` in epoch milliseconds. */
export type AdminVariables = { admin: Admin; identityExpiresAt: number };

/** The header in which a program or a foreign page hands its token to Access, which puts its own in its place. */
export const TOKEN_HEADER = "Cf-Access-Token";

/**
 * Lets only admins through who are signed in and not blocked (SEC-1), and sets `c.var.admin`. Refusals, each its own code:
 * 401 `not_signed_in`, `identity_invalid`, `identity_expired` with `sign_in_url`; 403 `service_token`, `unknown_user`,
 * `not_admin`, `blocked`; 503 `identity_unavailable`, `directory_unavailable`.
 */
export const requireAdmin = createMiddleware<{ Bindings: Env; Variables: AdminVariables }>(
	async (c, next) => {
		const token =
			c.req.header("Cf-Access-Jwt-Assertion") ??
			c.req.header(TOKEN_HEADER) ??
			getCookie(c, "CF_Authorization");
		const signIn = { sign_in_url: signInUrl(c.req.raw, c.env) };
		if (!token) return problem(c, 401, "not_signed_in", "You are not signed in.", signIn);
		if (!c.env.ACCESS_TEAM_DOMAIN || !c.env.ACCESS_AUD)
			return problem(
				c,
				503,
				"identity_unavailable",
				"ACCESS_TEAM_DOMAIN and ACCESS_AUD are not set: nobody can sign in.",
			);

		const checked = await checkIdentity(token, {
			issuer: c.env.ACCESS_TEAM_DOMAIN,
			audience: c.env.ACCESS_AUD,
			keys: accessKeys(c.env.ACCESS_TEAM_DOMAIN),
			clock: Date.now,
		});
		if (!checked.ok)
			return problem(c, checked.status, checked.code, checked.message, checked.status === 401 ? signIn : {});

		const rights = await rightsOf(directoryOf(c.env), { email: checked.identity.email }).catch((error) => {
			logFailure("directory", {}, error);
			return null;
		});
		if (!rights)
			return problem(
				c,
				503,
				"directory_unavailable",
				"The user directory could not be read. Try again in a moment.",
			);
		if (!rights.ok) return problem(c, 403, rights.code, rights.message, signIn);
		c.set("admin", rights.admin);
		c.set("identityExpiresAt", checked.identity.expiresAt);
		return next();
	},
);

/**
 * Where Access, or the local issuer, signs people in for this host. The page sets `redirect_url` to the path to come back to.
 */
function signInUrl(request: Request, env: Env): string {
	const url = new URL(
		`/cdn-cgi/access/login/${new URL(request.url).host}`,
		env.ACCESS_TEAM_DOMAIN || request.url,
	);
	url.searchParams.set("kid", env.ACCESS_AUD);
	url.searchParams.set("redirect_url", "/");
	return url.href;
}
