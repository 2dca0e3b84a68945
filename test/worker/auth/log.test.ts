import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { apiError } from "../../../shared/directory/index.ts";
import { app } from "../../../worker/api/app.ts";
import { logFailure } from "../../../worker/log.ts";
import { seedDirectory, signIn } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";

beforeAll(seedDirectory);
afterEach(() => vi.restoreAllMocks());

const listen = () => {
	const said = vi.spyOn(console, "error").mockImplementation(() => {});
	return () => said.mock.calls.map(([line, ...more]) => ({ ...JSON.parse(String(line)), more }));
};

test("SEC-6: what fails in a request is one line of JSON that names the request as the answer does", async () => {
	const lines = listen();
	const broken = {
		prepare: () => ({ bind: () => ({ first: () => Promise.reject(new Error("D1 is away")) }) }),
	};
	const headers = { "Cf-Access-Jwt-Assertion": await signIn(TEST_USERS.ada.email) };
	const ask = async () =>
		app.fetch(new Request(`${TEST_ORIGIN}/api/me`, { headers }), { ...env, DB: broken as never });
	const ids = await Promise.all(
		[ask(), ask()].map(async (answer) => apiError.parse(await (await answer).json()).error.request_id),
	);
	expect(
		lines()
			.map(({ request }) => request)
			.toSorted(),
	).toEqual(ids.toSorted());
	expect(lines()[0]).toMatchObject({
		...{ level: "error", event: "directory", error: "Error: D1 is away", more: [] },
		stack: expect.stringContaining("Error: D1 is away"),
	});
});

test("SEC-6: an error that nobody expected is logged in its request too", async () => {
	const lines = listen();
	const headers = { "Cf-Access-Jwt-Assertion": await signIn(TEST_USERS.ada.email) };
	const down = { prepare: (sql: string) => (sql.includes("instr") ? boom() : env.DB.prepare(sql)) };
	const boom = () => {
		throw new Error("boom");
	};
	const request = new Request(`${TEST_ORIGIN}/api/users?q=ada`, { headers });
	const answer = await app.fetch(request, { ...env, DB: down as never });
	const { request_id } = apiError.parse(await answer.json()).error;
	expect(answer.status).toBe(500);
	expect(lines()).toMatchObject([{ event: "unhandled", path: "/api/users", request: request_id }]);
});

test("SEC-6: secrets are masked in what it was about and in the error's words", () => {
	const lines = listen();
	const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
	logFailure("git", { git_token: token, town: "t" }, new Error(`fatal: https://x:${token}@forge.test/`));
	logFailure("text", {}, `remote said ${token}`);
	expect(JSON.stringify(lines())).not.toContain(token);
	expect(lines()).toMatchObject([{ event: "git", town: "t" }, { event: "text" }]);
});
