import { agentReset, agentUnhook } from "./agent.ts";
import { agentAnswerPermission, agentInterrupt, agentKill, agentNudge } from "./agent-session.ts";
import { beadPriority, beadReassign, beadReopen } from "./bead.ts";
import { beadRetryDispatch } from "./bead-dispatch.ts";
import { beadClose, beadFail } from "./bead-end.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";
import {
	containerPause,
	containerRestart,
	containerResume,
	containerStart,
	containerStop,
} from "./container.ts";
import { mayorMessage, mayorRestart } from "./mayor.ts";
import { townPauseDispatch, townResumeDispatch } from "./town.ts";

export { MESSAGE_MAX } from "./agent-session.ts";
export * from "./catalogue-entry.ts";
export * from "./changed-fields.ts";
export * from "./receipt.ts";
export * from "./steps.ts";

/** Parameters are checked by the entry's own schema before any other function is called with them. */
const all = [
	beadPriority, beadRetryDispatch, beadReassign, beadClose, beadFail, beadReopen,
	agentNudge, agentInterrupt, agentAnswerPermission, agentUnhook, agentReset, agentKill,
	mayorMessage, mayorRestart,
	containerStart, containerStop, containerRestart, containerPause, containerResume,
	townPauseDispatch, townResumeDispatch,
] as unknown as CatalogueEntry[]; // biome-ignore format: a list

/** Every intervention, by name; nothing is inherited, so that a name from outside finds an entry or nothing. */
export const CATALOGUE: Readonly<Record<string, CatalogueEntry>> = Object.assign(
	Object.create(null),
	Object.fromEntries(all.map((entry) => [entry.name, entry])),
);

/** What can be done to a target of this kind, in the order of the menus. */
export const actionsFor = (target: CatalogueEntry["target"]): CatalogueEntry[] =>
	all.filter((entry) => entry.target === target);
