import { whyNotHere } from "./lib/agent-packages.ts";
import { fetchAgents } from "./lib/fetch-agents.ts";
import { playwright, type Tally } from "./lib/playwright.ts";

/**
 * `npm run test:agents`: fetches kilo and opencode where they are not there yet, and runs test/agents on each. The last line is `N passed,
 * N failed`; a machine for which they are not pinned says so and has nothing to fail.
 */
async function run(): Promise<Tally> {
	const why = whyNotHere(process.platform, process.arch);
	if (why) {
		console.log(`Skipped: ${why}`);
		return { passed: 0, failed: 0 };
	}
	const life = new AbortController();
	for (const kind of ["opencode", "kilo"] as const) await fetchAgents(kind, console.log, life.signal);
	return playwright(["--config", "test/agents/playwright.config.ts"]);
}

const { passed, failed } = await run().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	return { passed: 0, failed: 1 };
});
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
