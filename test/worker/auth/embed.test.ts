import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { app } from "../../../worker/api/app.ts";
import { originsIn } from "../../../worker/auth/origin.ts";
import { seedDirectory, signIn } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";

const HOST = "https://admin.example";
const USER = `/api/users/${encodeURIComponent(TEST_USERS.cleo.id)}`;

let token = "";
beforeAll(async () => {
	await seedDirectory();
	token = await signIn(TEST_USERS.ada.email);
});

const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
	app.request(
		`${TEST_ORIGIN}${path}`,
		{ ...init, headers },
		{ ...env, EMBED_ORIGINS: `https://other.example, ${HOST}` },
	);

const shown = (answer: Response | Promise<Response>) =>
	Promise.resolve(answer).then(({ status, headers }) => ({
		status,
		origin: headers.get("access-control-allow-origin"),
		credentials: headers.get("access-control-allow-credentials"),
		vary: headers.get("vary"),
	}));

test("EMBED-1: a page on the list reads a user's towns, with a token or with the reader's cookie", async () => {
	const may = { status: 200, origin: HOST, credentials: "true", vary: "Origin" };
	expect(await shown(ask(USER, { Origin: HOST, "Cf-Access-Token": token }))).toEqual(may);
	expect(await shown(ask(USER, { Origin: HOST, Cookie: `CF_Authorization=${token}` }))).toEqual(may);
});

test("EMBED-1: a page on the list can read why it was refused, with the request's id", async () => {
	const answer = await ask(USER, { Origin: HOST });
	expect(await shown(answer)).toMatchObject({ status: 401, origin: HOST });
	expect(answer.headers.get("access-control-expose-headers")).toBe("X-Request-Id");
	expect(answer.headers.get("x-request-id")).toBeTruthy();
});

test("EMBED-1: its preflight is answered before anybody asks who it is", async () => {
	const answer = await ask(
		USER,
		{
			Origin: HOST,
			"Access-Control-Request-Method": "GET",
			"Access-Control-Request-Headers": "cf-access-token",
		},
		{ method: "OPTIONS" },
	);
	expect(await shown(answer)).toMatchObject({ status: 204, origin: HOST, credentials: "true" });
	expect(answer.headers.get("vary")).toContain("Origin");
	expect(answer.headers.get("access-control-allow-methods")).toBe("GET");
	expect(answer.headers.get("access-control-allow-headers")).toBe("Accept,Cf-Access-Token");
});

test.each([
	"https://evil.example",
	"http://admin.example",
	"https://admin.example:8443",
	"https://admin.example.evil.example",
	"https://ADMIN.example",
	"null",
	"*",
])("EMBED-1: no answer is for a page of %s", async (origin) => {
	const got = await shown(ask(USER, { Origin: origin, "Cf-Access-Token": token }));
	expect(got).toMatchObject({ origin: null, vary: "Origin" });
	const preflight = await shown(
		ask(USER, { Origin: origin, "Access-Control-Request-Method": "GET" }, { method: "OPTIONS" }),
	);
	expect(preflight).toMatchObject({ origin: null });
});

test("EMBED-1: nobody is on the list unless set", async () => {
	expect(env.EMBED_ORIGINS).toBe("");
	for (const none of ["", "*", "null", " , ", `${HOST}/`, `${HOST}/admin`, "admin.example"])
		expect(originsIn(none), none).toEqual([]);
});

test("EMBED-1: a page on the list reads nothing else, opens no socket and changes nothing", async () => {
	const headers = { Origin: HOST, "Cf-Access-Token": token };
	for (const path of ["/api/me", "/api/users?q=a", "/api/ledger", "/api/towns/t/ledger"])
		expect((await shown(ask(path, headers))).origin, path).toBeNull();
	const ticket = await ask("/api/towns/t/ticket", headers, { method: "POST" });
	expect([ticket.status, await ticket.json()]).toMatchObject([403, { error: { code: "bad_origin" } }]);
});

test("EMBED-1: any page can ask whether the server answers, so that it tells a refusal from an outage", async () => {
	expect(await shown(ask("/api/health", { Origin: "https://evil.example" }))).toMatchObject({
		status: 200,
		origin: "*",
		credentials: null,
	});
});
