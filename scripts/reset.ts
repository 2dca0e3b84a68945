import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { requirePorts } from "./lib/ports.ts";
import { DEFAULT_PORT, DEFAULT_STATE, ROOT } from "./lib/settings.ts";

/** `npm run reset`: forgets local state and everything built. Refuses while the worker that holds it runs. */
const port = Number(process.env.TOWNWATCH_PORT ?? DEFAULT_PORT);
const state = process.env.TOWNWATCH_STATE ? resolve(ROOT, process.env.TOWNWATCH_STATE) : DEFAULT_STATE;

try {
	await requirePorts({ "worker and page": port });
} catch {
	console.error(
		`Something listens on port ${port}: if that is Townwatch, end it first (Ctrl-C), then reset.`,
	);
	process.exit(1);
}
for (const path of [state, resolve(ROOT, "web/.wrangler"), resolve(ROOT, "dist")])
	rmSync(path, { recursive: true, force: true });
console.log(`Forgot ${state} and what was built.`);
