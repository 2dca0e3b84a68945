import { accessSync, constants, existsSync } from "node:fs";
import { chromium } from "playwright";

/** Where distributions and people put it. */
const PLACES = [
	process.env.CHROMIUM_PATH,
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome-stable",
	"/usr/bin/google-chrome",
	"/snap/bin/chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path of a Chromium on this machine, its own or the one that Playwright keeps; null where there is none. */
export function findChromium(): string | null {
	for (const path of [...PLACES, chromium.executablePath()]) if (path && isProgram(path)) return path;
	return null;
}

/** Options with which Playwright starts it; a browser run as root has no sandbox. */
export function launchOptions(): { executablePath?: string; args: string[] } {
	return { executablePath: findChromium() ?? undefined, args: ["--no-sandbox"] };
}

function isProgram(path: string): boolean {
	if (!existsSync(path)) return false;
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
