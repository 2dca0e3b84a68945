import { CATALOGUE } from "../interventions/index.ts";
import type { Facts } from "./facts.ts";
import type { RemedyStep } from "./finding.ts";

export const step = (name: string, target: string, params: Record<string, unknown> = {}): RemedyStep => ({
	name,
	target,
	params,
});

/** Whether it could be done now, by the catalogue's own words: a remedy that is refused helps nobody. */
export function isPossible({ look }: Facts, { name, target, params }: RemedyStep): boolean {
	const entry = CATALOGUE[name];
	const parsed = entry?.params.safeParse(params);
	if (!entry || !parsed?.success) return false;
	const ofTown = entry.target === "town" || entry.target === "container";
	return entry.precondition(ofTown ? (look.town("town")?.id ?? "") : target, parsed.data, look).ok;
}

/** Brings the container up with its budget back: one that died or runs is restarted, one at rest started. */
export const bringUp = ({ atRest, container }: Facts): RemedyStep =>
	step(atRest && container?.status !== "died" ? "container.start" : "container.restart", "container");
