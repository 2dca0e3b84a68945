import { defineConfig } from "@playwright/test";
import type { FetchedKind } from "../../scripts/lib/agent-packages.ts";

/** `npm run test:agents`: the real servers, which `npm test` leaves out since they are fetched first. */
export default defineConfig<object, { kind: FetchedKind }>({
	testDir: ".",
	outputDir: "../../test-results/agents",
	// A server's start takes seconds of a core, and the machine may have two.
	workers: 1,
	timeout: 300_000,
	reporter: [["list"]],
	projects: [
		{ name: "opencode", use: { kind: "opencode" } },
		{ name: "kilo", use: { kind: "kilo" } },
	],
});
