import type { Effect } from "./catalogue-entry.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value is the one that is wanted; of an object, whether it has the fields that are named. */
const holds = (value: unknown, wanted: unknown): boolean =>
	isObject(wanted) && isObject(value)
		? Object.entries(wanted).every(([field, of]) => holds(value[field], of))
		: JSON.stringify(value ?? null) === JSON.stringify(wanted ?? null);

/** True when the row shows the effect: it is gone (null), or its named columns hold these values, and those no longer. */
export function showsEffect(effect: Pick<Effect, "is" | "isnt">, row: unknown): boolean {
	if (effect.is === "gone") return row === null;
	if (!isObject(row) || !holds(row, effect.is)) return false;
	return effect.isnt === undefined || !holds(row, effect.isnt);
}
