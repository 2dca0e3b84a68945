import type { Agenda } from "../live-ops/index.ts";
import type { Town } from "./town.ts";

/** Agenda entry: look at the town's health and tell its owner. */
export const HEALTH_AGENDA = "health";
/** A burst of changes is looked at once. */
const HEALTH_AFTER_MS = 2_000;
/** While an agent works, time alone can make a town ill (domain.md §2.6). */
const HEALTH_EVERY_MS = 60_000;

/** Plans a look soon after a change, unless one is due by then. */
export function planHealth(agenda: Pick<Agenda, "due" | "set">, town: Town): void {
	const due = agenda.due(HEALTH_AGENDA);
	const soon = town.now() + HEALTH_AFTER_MS;
	if (due === null || due > soon) agenda.set(HEALTH_AGENDA, soon);
}

/** Plans the next look of a town in which agents are at work; one where nobody works may sleep. */
export function planNextHealth(agenda: Pick<Agenda, "set">, town: Town): void {
	const busy = town.sql.one("SELECT 1 FROM agent_metadata WHERE status IN ('working', 'stalled') LIMIT 1");
	if (busy) agenda.set(HEALTH_AGENDA, town.now() + HEALTH_EVERY_MS);
}
