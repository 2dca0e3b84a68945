import { findChromium } from "./lib/chromium.ts";
import { passes } from "./lib/run.ts";

/** Makes sure that the browser tests have a Chromium: what is there, else Playwright's own, else the distribution's. */
export async function ensureChromium(): Promise<string> {
	const there = findChromium();
	if (there) return there;
	console.log("No Chromium here: fetching Playwright's.");
	if (
		!(await passes(process.execPath, [
			"node_modules/playwright/cli.js",
			"install",
			"chromium-headless-shell",
			"chromium",
		]))
	) {
		console.log("That did not work: installing the distribution's.");
		await passes("apt-get", ["update"]);
		await passes("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"]);
	}
	const path = findChromium();
	if (!path) throw new Error("There is no Chromium, and none could be installed. Set CHROMIUM_PATH to one.");
	return path;
}
