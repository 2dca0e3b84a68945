import { CATALOGUE } from "../interventions/index.ts";
import type { Facts } from "./facts.ts";
import type { RemedyStep } from "./finding.ts";

export const step = (name: string, target: string, params: Record<string, unknown> = {}): RemedyStep => ({
	name,
	target,
	params,
});

/** The first of these that the catalogue takes now, if any: what would be refused is no way out. */
export const firstOf = ({ look }: Facts, ...steps: RemedyStep[]): RemedyStep[] => {
	const taken = steps.find(({ name, target, params }) => {
		const entry = CATALOGUE[name];
		const parsed = entry?.params.safeParse(params);
		return parsed?.success === true && entry?.precondition(target, parsed.data, look).ok === true;
	});
	return taken ? [taken] : [];
};

/** Work that ended or waits is begun anew; where dispatch is held up, or somebody put it aside, it is reopened at least. */
export const startAgain = (facts: Facts, bead: string): RemedyStep[] =>
	firstOf(facts, step("bead.retry-dispatch", bead), step("bead.reopen", bead, { release: true }));
