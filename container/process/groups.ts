import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A process group of an agent. `started_at`: epoch milliseconds. */
export type Group = { pgid: number; agent_id: string; started_at: number };

/**
 * Keeps which groups run, for whoever has to end what is left when this process dies. At once and whole: two that come together
 * are not mixed, the newest stays, and a death amid it leaves the list before it instead of half a one that names nobody.
 */
export function keepGroups(dir: string, groups: readonly Group[]): void {
	const path = join(dir, "processes.json");
	writeFileSync(`${path}.new`, JSON.stringify(groups));
	renameSync(`${path}.new`, path);
}
