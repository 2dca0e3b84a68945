import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { app } from "../../../worker/api/app.ts";

const assets = {
	fetch: async () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
};
const open = (path: string, frameAncestors: string) =>
	app.request(path, {}, { ...env, ASSETS: assets, FRAME_ANCESTORS: frameAncestors } as never);

test("SEC-5: the page runs only its own scripts, and stands only in frames that the setting names", async () => {
	const policyOf = async (frameAncestors: string) =>
		Object.fromEntries(
			((await open("/towns/a/b", frameAncestors)).headers.get("content-security-policy") ?? "")
				.split("; ")
				.map((part) => [part.split(" ")[0], part.split(" ").slice(1).join(" ")]),
		);
	const policy = await policyOf("'none'");
	expect(policy).toMatchObject({
		"default-src": "'none'",
		"script-src": "'self'",
		"connect-src": "'self'",
		"base-uri": "'none'",
		"frame-ancestors": "'none'",
	});
	expect((await policyOf(""))["frame-ancestors"]).toBe("'none'");
	expect((await policyOf("https://admin.example"))["frame-ancestors"]).toBe("https://admin.example");
});

test("SEC-5: an address of the API or a socket that does not exist is no page", async () => {
	for (const path of ["/api/nothing", "/api", "/ws/nothing"]) {
		const response = await open(path, "'none'");
		expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/json"]);
	}
});
