import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const RULE =
	/\b(?:FEED|ALARM|STREAM|SESSION|SOCKET|TOWN|LEDGER|DIAG|PAGE|SEC|AGENT|CONTAINER|LOCAL|SCHED|REVIEW|CONVOY|TRIAGE|MAYOR|CRED|DIRECTORY|EMBED)-\d+\b/g;

const built = () => {
	const spec = readFileSync("SPEC.md", "utf8").split("## Not yet")[0] ?? "";
	return new Set([...spec.matchAll(/\*\*((?:[A-Z]+)-\d+)/g)].map((match) => match[1]));
};

/** Rules named in the titles of tests; a mention in a comment proves nothing. */
const tested = () => {
	const names = new Set<string>();
	for (const path of readdirSync("test", { recursive: true, encoding: "utf8" })) {
		if (!/\.(?:test|spec)\.tsx?$/.test(path)) continue;
		const text = readFileSync(join("test", path), "utf8");
		for (const [, title] of text.matchAll(
			/\b(?:test|it|describe)(?:\.\w+)?(?:\([^"'`]*\))?\(\s*["'`]([^"'`]*)/g,
		))
			for (const [rule] of (title ?? "").matchAll(RULE)) names.add(rule);
	}
	return names;
};

test("each rule that SPEC.md calls built is named by a test", () => {
	const names = tested();
	expect([...built()].filter((rule) => !names.has(rule as string))).toEqual([]);
});

test("no test names a rule that SPEC.md does not call built", () => {
	const rules = built();
	expect([...tested()].filter((rule) => !rules.has(rule))).toEqual([]);
});
