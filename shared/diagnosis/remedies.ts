import { CATALOGUE, targetIn } from "../interventions/index.ts";
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
	return entry.precondition(targetIn(look.town("town")?.id ?? "", { name, target }), parsed.data, look).ok;
}

/** The first of these that the catalogue takes now, if any. */
export const firstOf = (facts: Facts, ...steps: RemedyStep[]): RemedyStep[] => {
	const taken = steps.find((one) => isPossible(facts, one));
	return taken ? [taken] : [];
};

/** Work that ended or waits is begun anew; where dispatch is held up, or somebody put it aside, it is reopened at least. */
export const startAgain = (facts: Facts, bead: string): RemedyStep[] =>
	firstOf(facts, step("bead.retry-dispatch", bead), step("bead.reopen", bead, { release: true }));

/** Brings the container up with its budget back: one that died or runs is restarted, one at rest started. */
export const bringUp = ({ atRest, container }: Facts): RemedyStep =>
	step(atRest && container?.status !== "died" ? "container.start" : "container.restart", "container");

/** What the author of a branch is asked for that conflicts. `where`: the files, in words that go on after the branches. */
export const mendConflict = (branch: string, target: string, where = ""): string =>
	`${branch} conflicts with ${target}${where}. Merge ${target} into it, keep what both sides need, run the tests and push it.`;
