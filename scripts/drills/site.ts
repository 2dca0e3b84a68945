import type { NodeViewer } from "../lib/node-viewer.ts";
import type { DrillSite } from "./pass.ts";

/** Drills at a local world that runs, watched as an admin. */
export const siteOf = (local: string, open: (town: string) => NodeViewer): DrillSite => ({
	open,
	async call(method, path) {
		const response = await fetch(`${local}/drills${path}`, { method });
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		return response.json() as never;
	},
});
