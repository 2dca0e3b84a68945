import { type InForce, type TownEntity, thresholdsOf } from "../gastown/index.ts";
import type { CatalogueEntry, Effect, Lookup } from "./catalogue-entry.ts";
import { showsEffect } from "./holds.ts";

/**
 * What an admin sets and what lasts stands in a list until it is put back, ends by itself, or somebody else changes it
 * (LEDGER-10). The town keeps the list, so that it is whole however old an entry of the ledger is.
 */

/** Interventions that set something. Each is in force once for a target and what it sets there. */
const LASTING: readonly string[] = [
	"town.pause-dispatch", "container.pause", "town.reset-breaker", "review.set-strategy", "agent.set-model",
	"credential.set-token", "credential.relink", "config.set", "config.set-env",
]; // biome-ignore format: a list

/** So long what is done outside may take to show; it is not forgotten meanwhile. */
const AWAITED_MS = 120_000;

type Params = Record<string, unknown>;

/** Two that set the same thing (a setting of town or rig, a variable): the later takes the place of the earlier. */
const subjectOf = (name: string, target: string, params: Params): string =>
	JSON.stringify([name, target, ...["key", "rig", "name"].map((of) => params[of] ?? null)]);

/** When it ends by itself. */
function endOf(name: string, params: Params, now: number, look: Lookup): string | null {
	if (name === "town.reset-breaker")
		return new Date(now + thresholdsOf(look.town("config")).circuit_window_ms).toISOString();
	return typeof params.hours === "number" ? new Date(now + params.hours * 3_600_000).toISOString() : null;
}

type Applied = {
	entry: CatalogueEntry;
	order: { id: string; target: string; by: string };
	params: Params;
	/** Of before it: `Pause dispatch`. */
	label: string;
	effects: readonly Effect[];
	undo: InForce["undo"];
	now: number;
};

/**
 * The list after an intervention; the same list where it sets nothing. `look` is from before it, `rowOf` reads what is there
 * after it: what shows no longer is left out.
 */
export function inForceAfter(
	list: readonly InForce[],
	applied: Applied,
	look: Lookup,
	rowOf: (entity: string, key: string) => unknown,
): InForce[] {
	const { entry, order, params, label, effects, undo, now } = applied;
	const isUndo = list.some((one) => undoes(one, entry.name, order.target, params));
	if (!LASTING.includes(entry.name) && !isUndo) return [...list];
	const subject = subjectOf(entry.name, order.target, params);
	const before = list.find((one) => subjectOf(one.name, one.target, paramsOf(one)) === subject);
	const rest = list.filter(
		(one) =>
			one !== before &&
			!undoes(one, entry.name, order.target, params) &&
			(Date.parse(one.since) > now - AWAITED_MS || stands(one, rowOf, now)),
	);
	if (isUndo || !LASTING.includes(entry.name)) return rest;
	const set: InForce = {
		...{ order: order.id, name: entry.name, target: order.target, by: order.by },
		// What renews a pause is still that pause.
		label: before && typeof params.hours === "number" ? before.label : label,
		since: before?.since ?? new Date(now).toISOString(),
		until: endOf(entry.name, params, now, look),
		// What is done outside may come later, and is told by the ledger.
		effects: effects
			.filter(({ outside }) => !outside || effects.every((one) => one.outside))
			// The environment's version counts on with the next variable: it tells that this was done, not that it holds.
			.filter(({ entity, key }) => entity !== "town_state" || key !== "environment")
			.map(({ entity, key, is, isnt }) => ({ entity, key, is, ...(isnt && { isnt }) })),
		undo: before?.undo ?? undo,
	};
	return [...rest, set];
}

/** What tells two of one name and target apart stands in their undo, too. */
const paramsOf = (one: InForce): Params => one.undo?.params ?? {};

const undoes = (one: InForce, name: string, target: string, params: Params): boolean =>
	one.target === target &&
	one.undo?.name === name &&
	Object.entries(one.undo.params).every(
		([key, value]) => JSON.stringify(params[key]) === JSON.stringify(value),
	);

/** It has not ended, and nobody has changed what it set. */
function stands(one: InForce, rowOf: (entity: string, key: string) => unknown, now: number): boolean {
	if (one.until !== null && Date.parse(one.until) <= now) return false;
	return one.effects.every((effect) => showsEffect(effect, rowOf(effect.entity, effect.key) ?? null));
}

/** What holds of a town as it is seen now, newest first. */
export function inForceNow(
	list: readonly InForce[],
	tables: Readonly<Record<TownEntity, ReadonlyMap<string, unknown>>>,
	now: number,
): InForce[] {
	const rowOf = (entity: string, key: string) => tables[entity as TownEntity]?.get(key);
	return list.filter((one) => stands(one, rowOf, now)).reverse();
}
