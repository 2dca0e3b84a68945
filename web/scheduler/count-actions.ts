import type { Batch } from "../../shared/protocol/index.ts";

export type ActionCount = { type: string; minute: number; ten: number; hour: number };

const MINUTE = 60_000;
/** Its notes about itself are no actions. */
const NOTES: readonly string[] = ["tick", "effect_failed"];

/** Batches of the scheduler in the last hour, by type, most first. */
export function countActions(batches: readonly Batch[], now: number): ActionCount[] {
	const counts = new Map<string, ActionCount>();
	for (const { at, cause } of batches) {
		const age = now - at;
		if (cause?.kind !== "scheduler" || NOTES.includes(cause.what) || age > 60 * MINUTE) continue;
		const of = counts.get(cause.what) ?? { type: cause.what, minute: 0, ten: 0, hour: 0 };
		counts.set(cause.what, of);
		of.hour++;
		if (age <= 10 * MINUTE) of.ten++;
		if (age <= MINUTE) of.minute++;
	}
	return [...counts.values()].sort((a, b) => b.hour - a.hour || a.type.localeCompare(b.type));
}
