import { agentReset, agentUnhook } from "./agent.ts";
import { beadPriority, beadReassign, beadReopen } from "./bead.ts";
import { beadClose, beadFail } from "./bead-end.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";

export type * from "./catalogue-entry.ts";
export * from "./changed-fields.ts";
export * from "./receipt.ts";
export * from "./steps.ts";

/** Parameters are checked by the entry's own schema before any other function is called with them. */
const all = [
	beadPriority, beadReassign, beadClose, beadFail, beadReopen, agentUnhook, agentReset,
] as unknown as CatalogueEntry[]; // biome-ignore format: a list

/** Every intervention, by name; nothing is inherited, so that a name from outside finds an entry or nothing. */
export const CATALOGUE: Readonly<Record<string, CatalogueEntry>> = Object.assign(
	Object.create(null),
	Object.fromEntries(all.map((entry) => [entry.name, entry])),
);

/** What can be done to a bead or an agent, in the order of the menus: safe ones first. */
export const actionsFor = (target: CatalogueEntry["target"]): CatalogueEntry[] =>
	all.filter((entry) => entry.target === target);
