import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { asleepMonth, costTable, watchedHour } from "../../scripts/lib/cost.ts";
import { wishIn } from "../../scripts/lib/deployment.ts";
import { QUIET, ROOT } from "../../scripts/lib/settings.ts";

const GUIDE = readFileSync(resolve(ROOT, "docs/deploy.md"), "utf8");
const COMMANDS = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
	block.trim().split("\n"),
);
const starting = (words: string) => COMMANDS.filter((command) => command.startsWith(words));

const run = (script: string, ...args: string[]) =>
	promisify(execFile)(process.execPath, [resolve(ROOT, script), ...args], {
		cwd: ROOT,
		env: { ...process.env, ...QUIET },
		timeout: 240_000,
	});

test("every command of the guide is one that is tried here", () => {
	const known = ["npx wrangler ", "npm run deploy -- ", "psql "].flatMap(starting);
	expect(known.toSorted()).toEqual(COMMANDS.toSorted());
});

test("npm run deploy -- --dry-run passes without an account and tells the size", {
	timeout: 250_000,
}, async () => {
	for (const command of starting("npm run deploy -- "))
		expect(wishIn(command.split(" -- ")[1]?.split(" ") ?? []).envs.length).toBeGreaterThan(0);
	const { stdout } = await run("scripts/deploy.ts", "--dry-run");
	for (const env of ["staging", "production"])
		expect(stdout).toContain(`${env}: bindings, classes and migrations are whole.`);
	expect(stdout).toMatch(/worker [\d.]+ KiB, [\d.]+ compressed of 10240/);
	expect(stdout).toContain("not the image of the container");
});

test("a deploy that lacks what has to be filled in is refused before anything is done", async () => {
	await expect(run("scripts/deploy.ts", "--env", "production")).rejects.toThrow(
		/lacks the id of the D1 database/,
	);
});

test.each(starting("npx wrangler "))("wrangler knows: %s", { timeout: 60_000 }, async (command) => {
	const words = command
		.replace(/"[^"]*"/g, "TEXT")
		.split(" ")
		.slice(2);
	const flags = words.filter((word) => word.startsWith("--"));
	const path = words.slice(0, words.indexOf(flags[0] ?? "")).filter((word) => /^[a-z0-9]+$/.test(word));
	const { stdout } = await run("node_modules/wrangler/bin/wrangler.js", ...path, "--help");
	expect(stdout).toContain(`wrangler ${path.join(" ")}`);
	for (const flag of flags) expect(stdout).toContain(flag);
});

test.each(starting("psql "))("the file is there: %s", (command) => {
	expect(existsSync(resolve(ROOT, command.split(" -f ")[1] ?? "nothing"))).toBe(true);
});

test("the costs are those that the prices give", () => {
	expect(GUIDE).toContain(costTable("one town, watched, one hour", watchedHour()));
	expect(GUIDE).toContain(costTable("a hundred towns asleep, one month", asleepMonth(100)));
});
