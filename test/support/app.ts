import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, test as base } from "@playwright/test";
import type { Person } from "../../local/people.ts";
import { accessCookie } from "../../scripts/lib/access-cookie.ts";
import { type Agents, type App, startApp } from "../../scripts/lib/app.ts";
import { freePorts } from "../../scripts/lib/free-ports.ts";
import { settingsFrom } from "../../scripts/lib/settings.ts";

export type Running = App & { forget(): Promise<void> };

type Options = { agents?: Agents; cancelMs?: number; workerEnv?: Record<string, string> };

/**
 * Starts the whole app, as `npm start` does, on ports of its own with a state folder that is forgotten afterwards. Resolves
 * when the towns are seeded and alive. Its agents are scripted where none are given.
 * `cancelMs`: by itself long enough to be cancelled, short enough not to be waited for; 0 where a town that works moves on meanwhile.
 */
export async function startTestApp(
	towns: string[],
	people: Person[] = [],
	{ agents, cancelMs = 2_000, workerEnv = {} }: Options = {},
): Promise<Running> {
	const state = mkdtempSync(join(tmpdir(), "townwatch-"));
	const lines: string[] = [];
	const alive = Promise.withResolvers<void>();
	let missing = towns.length;
	if (missing === 0) alive.resolve();
	const app = await startApp({
		settings: settingsFrom({ TOWNWATCH_PORT: String(await freePorts()), TOWNWATCH_STATE: state }),
		...{ towns, people, ...(agents ? { agents } : {}) },
		// Fast, but slow enough to be watched.
		pace: { deltaMs: 2, stepMs: 150 },
		workerEnv: { CANCEL_MS: String(cancelMs), ...workerEnv },
		say: () => undefined,
		onLine: (program, line) => {
			lines.push(`${program}: ${line}`);
			if (program === "local" && line.endsWith(" is alive") && --missing === 0) alive.resolve();
		},
		onDeath: (child, code) => console.error(`the ${child.name} ended (${code}):\n${child.output()}`),
	});
	await alive.promise;
	return {
		...app,
		async forget() {
			await app.stop();
			if (process.env.TOWNWATCH_VERBOSE) console.log(lines.join("\n"));
			rmSync(state, { recursive: true, force: true });
		},
	};
}

/**
 * `app` is the real thing with the town in which things go wrong, shared by all tests of a run; `signIn` makes the browser an
 * admin's (or whoever's email is given) without the sign-in page.
 */
export const test = base.extend<
	{ signIn: (email?: string, context?: BrowserContext) => Promise<void> },
	{ app: Running }
>({
	app: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern
		async ({}, use) => {
			const app = await startTestApp(["harbor-lights"]);
			await use(app);
			await app.forget();
		},
		{ scope: "worker", timeout: 120_000 },
	],
	baseURL: async ({ app }, use) => use(app.settings.url),
	signIn: async ({ app, context }, use) => {
		await use(async (email = "ada@townwatch.example", other = context) => {
			const { name, value } = await accessCookie(app.settings, email);
			await other.addCookies([{ name, value, url: app.settings.url, httpOnly: true, sameSite: "Lax" }]);
		});
	},
});

export { expect } from "@playwright/test";
