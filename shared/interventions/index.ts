import { AGENT_HOOK } from "./agent.ts";
import { AGENT_SESSION } from "./agent-session.ts";
import { BEAD } from "./bead.ts";
import { BEAD_DEPENDENCY } from "./bead-dependency.ts";
import { BEAD_DISPATCH } from "./bead-dispatch.ts";
import { BEAD_END } from "./bead-end.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";
import { CONFIG, CONTAINER_CONFIG } from "./config.ts";
import { CONTAINER } from "./container.ts";
import { CONVOY } from "./convoy.ts";
import { CONVOY_MEMBERS } from "./convoy-members.ts";
import { CREDENTIAL } from "./credential.ts";
import { MAYOR } from "./mayor.ts";
import { REVIEW } from "./review.ts";
import { REVIEW_FORGE } from "./review-forge.ts";
import { RIG } from "./rig.ts";
import { SCHEDULER } from "./scheduler.ts";
import { SESSION_SETTINGS } from "./session-settings.ts";
import { TOWN } from "./town.ts";
import { TRIAGE } from "./triage.ts";

export { MESSAGE_MAX } from "./agent-session.ts";
export * from "./bulk.ts";
export * from "./catalogue-entry.ts";
export * from "./changed-fields.ts";
export * from "./receipt.ts";
export * from "./secret.ts";
export * from "./step-end.ts";
export * from "./steps.ts";

/** In the order of the menus. Parameters are checked by the entry's own schema before any other function is called with them. */
const all = [
	...BEAD,
	...BEAD_DISPATCH,
	...BEAD_END,
	...BEAD_DEPENDENCY,
	...REVIEW,
	...REVIEW_FORGE,
	...RIG,
	...CONVOY,
	...CONVOY_MEMBERS,
	...AGENT_SESSION,
	...AGENT_HOOK,
	...MAYOR,
	...SESSION_SETTINGS,
	...CONTAINER,
	...CONTAINER_CONFIG,
	...TOWN,
	...SCHEDULER,
	...TRIAGE,
	...CREDENTIAL,
	...CONFIG,
] as unknown as CatalogueEntry[];

/** Every intervention, by name; nothing is inherited, so that a name from outside finds an entry or nothing. */
export const CATALOGUE: Readonly<Record<string, CatalogueEntry>> = Object.assign(
	Object.create(null),
	Object.fromEntries(all.map((entry) => [entry.name, entry])),
);

/** What can be done to a target of this kind, in the order of the menus. */
export const actionsFor = (target: CatalogueEntry["target"]): CatalogueEntry[] =>
	all.filter((entry) => entry.target === target);

/** A step of a remedy, as far as it says what is done to what. */
type Step = { name: string; target: string; params: Record<string, unknown> };

/** Id of what a step is done to in a town: its container and the town itself go by the town's id. */
export function targetIn(town: string, { name, target }: Pick<Step, "name" | "target">): string {
	const kind = CATALOGUE[name]?.target;
	return kind === "container" || kind === "town" ? town : target;
}

/** It travels with one proposal and is kept nowhere (LEDGER-14): such a step is pressed by itself. */
export const takesSecret = ({ name, params }: Pick<Step, "name" | "params">): boolean =>
	CATALOGUE[name]?.secret?.(params) != null;
