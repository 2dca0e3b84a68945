import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { apiError, me } from "../../../shared/directory/index.ts";
import { drillsUrl } from "../../../worker/api/drills.ts";
import { seedDirectory, signIn } from "../support/directory.ts";
import { STRANGER, TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";

const get = (path: string, headers: Record<string, string> = {}) =>
	exports.default.fetch(new Request(`${TEST_ORIGIN}${path}`, { headers }));

const refusal = async (response: Response) => ({
	status: response.status,
	...apiError.parse(await response.json()).error,
});

beforeAll(seedDirectory);

test("SEC-1: an admin is known by header and by cookie", async () => {
	const token = await signIn(TEST_USERS.ada.email);
	for (const headers of [
		{ "Cf-Access-Jwt-Assertion": token },
		{ Cookie: `x=1; CF_Authorization=${token}` },
	] as Record<string, string>[]) {
		const answer = await get("/api/me", headers);
		expect(me.parse(await answer.json())).toEqual({
			id: TEST_USERS.ada.id,
			email: TEST_USERS.ada.email,
			name: TEST_USERS.ada.name,
			drills: false,
		});
	}
});

test("SEC-1: where there is no local world nobody breaks a town for practice, and no stranger gets so far as to hear it", async () => {
	const headers = { "Cf-Access-Jwt-Assertion": await signIn(TEST_USERS.ada.email) };
	expect(await refusal(await get("/api/drills", headers))).toMatchObject({ status: 404, code: "no_drills" });
	expect(await refusal(await get("/api/drills"))).toMatchObject({ status: 401 });
	expect(
		drillsUrl({ ENVIRONMENT: "production", CONTAINER_PLATFORM_URL: "http://127.0.0.1:1/platform" } as Env),
	).toBeNull();
	expect(
		drillsUrl({ ENVIRONMENT: "development", CONTAINER_PLATFORM_URL: "cloudflare" } as unknown as Env),
	).toBeNull();
});

test("SEC-1: who is not signed in learns where to sign in", async () => {
	const answer = await refusal(await get("/api/me"));
	expect(answer).toMatchObject({ status: 401, code: "not_signed_in" });
	const page = await fetch(answer.sign_in_url ?? "");
	expect(page.status).toBe(200);
	expect(await page.text()).toContain("Ada Admin");
});

test("SEC-1: a bad token is no sign-in", async () => {
	expect(await refusal(await get("/api/me", { "Cf-Access-Jwt-Assertion": "a.b.c" }))).toMatchObject({
		status: 401,
		code: "identity_invalid",
		sign_in_url: expect.stringContaining(env.ACCESS_TEAM_DOMAIN),
	});
});

test.each([
	["not an admin", TEST_USERS.cleo.email, "not_admin"],
	["blocked, though an admin", TEST_USERS.dan.email, "blocked"],
	["not in the directory", STRANGER.email, "unknown_user"],
])("SEC-1: refuses somebody %s, saying so", async (_, email, code) => {
	const answer = await refusal(await get("/api/me", { "Cf-Access-Jwt-Assertion": await signIn(email) }));
	expect(answer).toMatchObject({ status: 403, code });
	expect(answer.message).toContain(email);
	expect(answer.sign_in_url).toContain(env.ACCESS_TEAM_DOMAIN);
});

test.each([
	["no Origin", {}],
	["a foreign Origin", { Origin: "https://evil.test" }],
	["an opaque Origin", { Origin: "null" }],
	["an Origin that only begins alike", { Origin: `${TEST_ORIGIN}.evil.test` }],
])("SEC-2: a ticket is refused to %s", async (_, headers) => {
	const answer = await exports.default.fetch(
		new Request(`${TEST_ORIGIN}/api/towns/t/ticket`, {
			method: "POST",
			headers: { "Cf-Access-Jwt-Assertion": await signIn(TEST_USERS.ada.email), ...headers },
		}),
	);
	expect(await refusal(answer)).toMatchObject({ status: 403, code: "bad_origin" });
});

test("SEC-1: the issuer sends people back to the console only, and takes nobody whom it does not list", async () => {
	const login = `${env.ACCESS_TEAM_DOMAIN}/cdn-cgi/access/login/console.test`;
	const post = (query: string) => fetch(`${login}?${query}`, { method: "POST", redirect: "manual" });
	const email = encodeURIComponent(TEST_USERS.ada.email);
	expect((await post(`as=${email}&redirect_url=https%3A%2F%2Fevil.test%2F`)).status).toBe(400);
	expect((await post(`as=${email}&redirect_url=%2F%2Fevil.test`)).status).toBe(400);
	expect((await post("as=nobody%40example.test&redirect_url=%2F")).status).toBe(400);
	const back = await post(`as=${email}&redirect_url=%2Ftowns%2Ft%3Ftab%3Dstate`);
	expect(back.headers.get("location")).toBe(`${TEST_ORIGIN}/towns/t?tab=state`);
});
