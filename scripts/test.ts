import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium } from "./chromium.ts";
import { playwright, type Tally } from "./lib/playwright.ts";
import { passes } from "./lib/run.ts";

/**
 * `npm test`: types, lint, unused code, then every test. Everything runs even when something before it failed; the last line
 * is `N passed, N failed`, in which each of the checks counts as one.
 */
const reports = mkdtempSync(join(tmpdir(), "townwatch-test-"));
const total: Tally = { passed: 0, failed: 0 };

async function step(name: string, run: () => Promise<Tally>): Promise<void> {
	console.log(`\n▶ ${name}`);
	const begin = Date.now();
	const { passed, failed } = await run().catch((error: unknown) => {
		console.error(error);
		return { passed: 0, failed: 1 };
	});
	total.passed += passed;
	total.failed += failed;
	console.log(
		`  ${name}: ${passed} passed, ${failed} failed (${((Date.now() - begin) / 1000).toFixed(1)} s)`,
	);
}

/** A check that passes or fails as a whole. */
const check =
	(bin: string, ...args: string[]) =>
	async () =>
		(await passes(process.execPath, [`node_modules/${bin}`, ...args]))
			? { passed: 1, failed: 0 }
			: { passed: 0, failed: 1 };

const tsc = (project: string) => check("typescript/bin/tsc", "-p", project);

await step(
	"worker's types",
	check("wrangler/bin/wrangler.js", "types", "--env-interface", "Env", "--strict-vars=false"),
);
await step("types of page and shared code", tsc("tsconfig.json"));
await step("types of the worker", tsc("tsconfig.worker.json"));
await step("types of scripts and container", tsc("tsconfig.node.json"));
await step("lint and format", check("@biomejs/biome/bin/biome", "check", "."));
await step("unused code", check("knip/bin/knip.js"));

/** Tests of these of vitest's projects. */
const vitest =
	(...projects: string[]) =>
	async () => {
		const file = join(reports, `vitest-${projects.length}.json`);
		const ok = await passes(
			process.execPath,
			[
				...["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json"],
				...projects.map((project) => `--project=${project}`),
				`--outputFile.json=${file}`,
			],
			{ limitMinutes: 15 },
		);
		if (!existsSync(file)) throw new Error("vitest left no report");
		const report = JSON.parse(readFileSync(file, "utf8")) as {
			numPassedTests: number;
			numFailedTests: number;
		};
		// A file that cannot be loaded, or an error between tests, fails the run without a failed test.
		return { passed: report.numPassedTests, failed: Math.max(report.numFailedTests, ok ? 0 : 1) };
	};

await step(
	"unit and worker tests",
	vitest("shared", "page", "web", "worker", "interventions", "conformance", "directory"),
);
await step("container tests", vitest("container"));
await step("browser and fault tests", async () => playwright([], { CHROMIUM_PATH: await ensureChromium() }));

rmSync(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
