import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { lookupOf, type TownView } from "../../../shared/town-view/index.ts";

/** The id of the intervention that a button would be. */
export const ORDER = "order-1";

/** What the page shows of one button, with the town as it is. */
export function button(view: TownView, name: string, target: string, given: Record<string, unknown> = {}) {
	const entry = CATALOGUE[name];
	if (!entry) throw new Error(`no entry ${name}`);
	const params = entry.params.parse(given);
	const look = lookupOf(view);
	return {
		label: entry.label(target, params, look),
		verdict: entry.precondition(target, params, look),
		danger: entry.danger(target, params, look),
		...entry.preview(target, params, look),
		saw: entry.saw(target, params, look),
		effects: entry.effects(target, params, look, ORDER),
		outside: entry.outside(target, params, look, ORDER),
		undo: entry.undo(target, params, look),
	};
}

/** Why a button is disabled: `refused` or `noop`, its code and its sentence; null where it is not. */
export function why(view: TownView, name: string, target: string, given: Record<string, unknown> = {}) {
	const { verdict } = button(view, name, target, given);
	return verdict.ok ? null : [verdict.kind, verdict.code, verdict.message];
}
