import { expect, test } from "vitest";
import { readGitUrl } from "../../../shared/gastown/index.ts";
import { checkToken } from "../../../worker/town/credentials/check-token.ts";

const place = readGitUrl("https://github.com/acme/web.git");
const admin = { id: "oauth/github:42", email: "ada@example.com" };
const WEB = { full_name: "acme/web" };

type Said = { status?: number; body?: unknown; headers?: Record<string, string> };
/** A forge that answers so by path; of what it is not told it says 404. */
async function said(answers: Record<string, Said>, who: { id: string; email: string | null } = admin) {
	if (!place) throw new Error("no place");
	const send = (async (input) => {
		const { pathname } = new URL(String(input));
		const { status = 200, body = {}, headers } = answers[pathname] ?? { status: 404 };
		return Response.json(body, { status, ...(headers && { headers }) });
	}) as typeof fetch;
	const checked = await checkToken({ token: "t", place, admin: who }, send);
	return checked.ok ? checked : checked.code;
}
const REPO = "/repos/acme/web";
const INSTALLED = "/installation/repositories";
const pushes: Said = { body: { permissions: { push: true } } };

test("CRED-1: a token by hand is good where it may push here and reaches nothing else; its end is the forge's word", async () => {
	const headers = { "github-authentication-token-expiration": "2026-12-01 10:00:00 UTC" };
	expect(
		await said({ [REPO]: { ...pushes, headers }, [INSTALLED]: { body: { repositories: [WEB] } } }),
	).toEqual({
		ok: true,
		expires_at: "2026-12-01T10:00:00.000Z",
	});
	expect(
		await said({ [REPO]: pushes, "/user": { body: { id: 7 } }, "/user/repos": { body: [WEB] } }),
	).toEqual({
		ok: true,
		expires_at: null,
	});
});

test("CRED-1: a token by hand is refused where it cannot push, reaches more, is the admin's own, or cannot be known", async () => {
	const user = (more: Said, repos: unknown[] = [WEB]) =>
		said({ [REPO]: pushes, "/user": more, "/user/repos": { body: repos } });
	expect(await said({ [REPO]: { status: 401 } })).toBe("bad-token");
	expect(await said({})).toBe("bad-token");
	expect(await said({ [REPO]: { body: { permissions: { push: false } } } })).toBe("no-push");
	const two = [WEB, { full_name: "acme/other" }];
	expect(await said({ [REPO]: pushes, [INSTALLED]: { body: { repositories: two } } })).toBe("too-wide");
	expect(await user({ body: { id: 7 } }, two)).toBe("too-wide");
	expect(await user({ body: { id: 7 }, headers: { "x-oauth-scopes": "read:org, repo" } })).toBe("too-wide");
	expect(await user({ body: { id: 42 } })).toBe("own-token");
	expect(await user({ body: { id: 7, email: "Ada@example.com" } })).toBe("own-token");
	expect(await said({ [REPO]: pushes })).toBe("unknown-owner");
	expect(await said({ [REPO]: pushes, "/user": { body: { id: 7 } } })).toBe("unknown-scope");
	expect(await said({ [REPO]: { status: 503 } })).toBe("forge-down");
	expect(await said({ [REPO]: { status: 403, headers: { "x-ratelimit-remaining": "0" } } })).toBe(
		"forge-down",
	);
});

test("CRED-1: where nobody can tell that a token is not the admin's own it is refused, and a name's letters or age do not matter", async () => {
	const answers = (user: object, repos: unknown[]) => ({
		[REPO]: { body: { id: 9, full_name: "Acme/Web", permissions: { push: true } } },
		"/user": { body: { id: 7, ...user } },
		"/user/repos": { body: repos },
	});
	const google = { id: "oauth/google:11", email: "ada@example.com" };
	const here = [{ id: 9, full_name: "Acme/Web" }];
	expect(await said(answers({ email: null }, here), google)).toBe("unknown-owner");
	expect(await said(answers({ email: "bob@example.com" }, here), google)).toMatchObject({ ok: true });
	expect(await said(answers({ email: "bob@example.com" }, here), { ...google, email: null })).toBe(
		"unknown-owner",
	);
	expect(await said(answers({ email: null }, [{ full_name: "acme/web" }]))).toMatchObject({ ok: true });
	expect(await said(answers({ email: null }, [{ id: 10, full_name: "Acme/Web" }]))).toBe("too-wide");
});
