import type { FetchedKind } from "../../../scripts/lib/agent-packages.ts";
import type { Agents } from "../../../scripts/lib/app.ts";
import { fetchAgents } from "../../../scripts/lib/fetch-agents.ts";
import { type Running, startTestApp } from "../../support/app.ts";
import { test as watchedTowns } from "../../support/watched-town.ts";

/**
 * `agents` is what runs this project's kind, fetched before: a test is no place to wait for a network. `app` is the whole app on it, without
 * a town of its own.
 */
export const test = watchedTowns.extend<object, { kind: FetchedKind; agents: Agents; app: Running }>({
	kind: ["opencode", { option: true, scope: "worker" }],
	agents: [
		async ({ kind }, use) => use(await fetchAgents(kind, console.log, AbortSignal.timeout(60_000))),
		{ scope: "worker" },
	],
	app: [
		async ({ agents }, use) => {
			const app = await startTestApp([], [], { agents, cancelMs: 0 });
			await use(app);
			await app.forget();
		},
		{ scope: "worker", timeout: 120_000 },
	],
});

/** Waits that the start of a real server fits into, also on a machine that has much else to do. */
export const PATIENT = {
	thresholds: { stale_work_ms: 60_000, abandoned_review_ms: 60_000, max_dispatch_attempts: 10 },
};

export { expect } from "@playwright/test";
