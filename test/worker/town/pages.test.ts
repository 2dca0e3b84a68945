import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { app } from "../../../worker/api/app.ts";

const assets = {
	fetch: async () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
};
const open = (path: string, frameAncestors: string, embedOrigins = "") =>
	app.request(path, {}, {
		...env,
		...{ ASSETS: assets, FRAME_ANCESTORS: frameAncestors, EMBED_ORIGINS: embedOrigins },
	} as never);

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

test("EMBED-2: the section's own page stands in frames of those who may read it, the console's pages do not", async () => {
	const frames = async (path: string, frameAncestors: string, embedOrigins: string) =>
		/frame-ancestors ([^;]*)/.exec(
			(await open(path, frameAncestors, embedOrigins)).headers.get("content-security-policy") ?? "",
		)?.[1];
	const host = "https://admin.example";
	expect(await frames("/embed/users/u", "'none'", "")).toBe("'none'");
	expect(await frames("/embed/users/u", "'none'", `${host}, *, https:`)).toBe(host);
	expect(await frames("/embed/users/u", "https://all.example", host)).toBe(`https://all.example ${host}`);
	for (const path of ["/", "/users/u", "/towns/t/state", "/embed/other"])
		expect(await frames(path, "'none'", host), path).toBe("'none'");
});

test("EMBED-2: an id is text in the section's own page, whatever it holds", async () => {
	const id = `oauth/google:1"><script>alert(1)</script>`;
	const answer = await open(`/embed/users/${encodeURIComponent(id)}?theme=%22%3E`, "'none'");
	const text = await answer.text();
	expect(text).toContain('user-id="oauth/google:1&quot;&gt;&lt;script&gt;');
	expect(text).toContain('content="light dark"');
	expect(text.match(/<script/g)).toHaveLength(1);
	expect(answer.headers.get("content-security-policy")).toContain("script-src 'self';");
});
