import { join, resolve } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { accessCookie } from "../../scripts/lib/access-cookie.ts";
import { ROOT } from "../../scripts/lib/settings.ts";
import { test as base, type Running, startTestApp } from "./app.ts";
import { type Host, startHost } from "./embed-host.ts";

export { expect } from "./app.ts";

export const MODULE = resolve(ROOT, "dist/client/embed/gastown-section.js");

type Hosts = {
	/** Two pages of other origins, of which the console's list names the first. */
	listed: Host;
	stranger: Host;
	/** The list names this one too: for a host that is a program of its own. */
	port: number;
};

/** The app with pages that show its section. `token` is an admin's, or whose email is given. */
export const test = base.extend<
	{ token(email?: string): Promise<string> },
	{ app: Running; hosts: Hosts; where: { console: string } }
>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern
	where: [async ({}, use) => use({ console: "" }), { scope: "worker" }],
	hosts: [
		async ({ where }, use) => {
			const [listed, stranger] = await Promise.all([startHost(where), startHost(where)]);
			const later = await startHost(where);
			await later.close();
			await use({ listed, stranger, port: Number(new URL(later.url).port) });
			await Promise.all([listed.close(), stranger.close()]);
		},
		{ scope: "worker" },
	],
	app: [
		async ({ hosts, where }, use) => {
			const app = await startTestApp(["harbor-lights"], [], {
				workerEnv: { EMBED_ORIGINS: `${hosts.listed.url}, http://127.0.0.1:${hosts.port}` },
			});
			where.console = app.settings.url;
			await use(app);
			await app.forget();
		},
		{ scope: "worker", timeout: 120_000 },
	],
	token: async ({ app }, use) =>
		use(async (email = "ada@townwatch.example") => (await accessCookie(app.settings, email)).value),
});

/** The section of a page; locators reach into its shadow root. */
export const section = (page: Page): Locator => page.locator("gastown-section");

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds in the section, of any weight. */
export async function faults(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).include("gastown-section").withTags(WCAG).analyze();
	return violations.map(
		({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
	);
}

/** A picture to look at, where `EMBED_SHOTS` names a folder for them. */
export async function shot(page: Page, name: string): Promise<void> {
	const folder = process.env.EMBED_SHOTS;
	if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
