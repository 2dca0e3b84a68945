import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright";
import { ensureChromium } from "./chromium.ts";
import { accessCookie } from "./lib/access-cookie.ts";
import { ROOT, settingsFrom } from "./lib/settings.ts";

/** `npm run screenshots`: takes the README's pictures from the app that `npm start` runs, light and dark, into `docs/`. */
const settings = settingsFrom(process.env);
const FOLDER = resolve(ROOT, "docs");
const TOWN = "harbor-lights";

const SIGHTS: Record<string, (page: Page) => Promise<void>> = {
	town: (page) => openTown(page, "state"),
	agent: (page) => openTown(page, `agents?open=agent:${TOWN}.mayor`),
	user: async (page) => {
		await page.goto(`/users/${encodeURIComponent("oauth/google:110248495921238986420")}`);
		await page.getByText("Harbor Lights").first().waitFor();
	},
};

await fetch(`${settings.url}/api/health`).catch(() => {
	console.error(`Nothing runs at ${settings.url}: start it first with \`npm start\`.`);
	process.exit(1);
});
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"] as const) {
	const context = await browser.newContext({
		...{ baseURL: settings.url, colorScheme, reducedMotion: "reduce" },
		viewport: { width: 1440, height: 900 },
	});
	await signIn(context);
	for (const [name, show] of Object.entries(SIGHTS)) {
		const page = await context.newPage();
		await show(page);
		// Figures and the conversation fill in.
		await page.waitForTimeout(4_000);
		await page.screenshot({ path: resolve(FOLDER, `${name}-${colorScheme}.png`) });
		await page.close();
		console.log(`docs/${name}-${colorScheme}.png`);
	}
	await context.close();
}
await browser.close();

async function signIn(context: BrowserContext): Promise<void> {
	const { name, value } = await accessCookie(settings, "ada@townwatch.example");
	await context.addCookies([{ name, value, url: settings.url }]);
}

async function openTown(page: Page, rest: string): Promise<void> {
	await page.goto(`/towns/${TOWN}/${rest}`);
	const why = page.getByLabel("Why do you open this town?");
	const live = page.locator('[data-live="live"]');
	await why.or(live).first().waitFor();
	if (await why.isVisible()) {
		await why.fill("case 4711");
		await why.press("Enter");
	}
	await live.waitFor();
}
