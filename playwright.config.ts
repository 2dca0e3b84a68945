import { defineConfig } from "@playwright/test";
import { launchOptions } from "./scripts/lib/chromium.ts";

export default defineConfig({
	testDir: "test",
	testMatch: ["e2e/**/*.spec.ts", "faults/**/*.spec.ts"],
	// Everything runs on one worker process of the app, and the machine may have two cores only.
	workers: 1,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	reporter: [["list"]],
	use: {
		launchOptions: launchOptions(),
		viewport: { width: 1440, height: 900 },
		reducedMotion: "reduce",
		trace: "retain-on-failure",
		screenshot: "only-on-failure",
	},
});
