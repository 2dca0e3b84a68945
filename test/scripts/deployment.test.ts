import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { configOf, ENVIRONMENTS, faultsOf, missingOf, sizeIn, wishIn } from "../../scripts/lib/deployment.ts";
import { ROOT } from "../../scripts/lib/settings.ts";

const read = (path: string) => readFileSync(resolve(ROOT, path), "utf8");

test.each(ENVIRONMENTS)("[env.%s] has every binding, setting, secret and class of the worker", (env) => {
	expect(faultsOf(env)).toEqual([]);
});

test("what was not filled in yet is named, and never deployed", () => {
	expect(missingOf("staging")).toContain("the id of the D1 database townwatch-staging");
	expect(missingOf("production")).toContain("the variable ACCESS_AUD");
});

test("each secret is listed in .dev.vars.example, and none stands in wrangler.toml", () => {
	const { secrets, vars } = configOf();
	const listed = [...read(".dev.vars.example").matchAll(/^(\w+)=/gm)].map(([, name]) => name);
	expect(listed.sort()).toEqual([...(secrets?.required ?? [])].sort());
	for (const name of listed) expect(Object.keys(vars)).not.toContain(name);
	const secretLike = Object.keys(vars).filter((name) => /SECRET|PASSWORD|PRIVATE|_KEY$/.test(name));
	expect(secretLike).toEqual([]);
});

test("the size is what wrangler says, and a wrangler that says none is an error", () => {
	expect(sizeIn("Total Upload: 1369.03 KiB / gzip: 377.01 KiB")).toEqual({ whole: 1369.03, gzip: 377.01 });
	expect(() => sizeIn("")).toThrow("did not say");
});

test("an environment is named, or all are only tried", () => {
	expect(wishIn(["--dry-run"])).toEqual({ envs: ["staging", "production"], dry: true });
	expect(wishIn(["--env", "staging"])).toEqual({ envs: ["staging"], dry: false });
	expect(wishIn(["--env=production", "--dry-run"])).toEqual({ envs: ["production"], dry: true });
	for (const argv of [[], ["--env", "test"], ["--dry-rum"]])
		expect(() => wishIn(argv)).toThrow("--env staging");
});
