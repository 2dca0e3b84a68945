import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passes } from "./run.ts";

export type Tally = { passed: number; failed: number };

/** Runs Playwright's tests with their list shown, and counts them. Throws where it left no report. */
export async function playwright(args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Tally> {
	const folder = mkdtempSync(join(tmpdir(), "townwatch-test-"));
	const file = join(folder, "playwright.json");
	try {
		const ok = await passes(
			process.execPath,
			["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json", ...args],
			{ env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file } },
		);
		if (!existsSync(file)) throw new Error("playwright left no report");
		const { stats } = JSON.parse(readFileSync(file, "utf8")) as {
			stats: { expected: number; unexpected: number; flaky: number };
		};
		return { passed: stats.expected + stats.flaky, failed: Math.max(stats.unexpected, ok ? 0 : 1) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
