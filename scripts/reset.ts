import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { requirePorts } from "./lib/ports.ts";
import { isForgettable, placeFrom, ROOT } from "./lib/settings.ts";

/** `npm run reset`: forgets local state and everything built. Refuses while the worker that holds it runs. */
async function main(): Promise<void> {
	const { port, state } = placeFrom(process.env);
	if (!isForgettable(state))
		throw new Error(`${state} holds no state of Townwatch, so it is left alone: look at TOWNWATCH_STATE.`);
	await requirePorts({ "worker and page": port }).catch(() => {
		throw new Error(
			`Something listens on port ${port}: if that is Townwatch, end it first (Ctrl-C), then reset.`,
		);
	});
	for (const path of [state, resolve(ROOT, "web/.wrangler"), resolve(ROOT, "dist")])
		rmSync(path, { recursive: true, force: true });
	console.log(`Forgot ${state} and what was built.`);
}

await main().catch((error: Error) => {
	console.error(error.message);
	process.exit(1);
});
