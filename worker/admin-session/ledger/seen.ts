import { z } from "zod";
import { townStateValues } from "../../../shared/gastown/index.ts";
import type { Effect } from "../../../shared/interventions/catalogue-entry.ts";
import { showsEffect } from "../../../shared/interventions/holds.ts";
import { change } from "../../../shared/protocol/index.ts";

/** A row as it came by; null where it is gone. */
export type RowSeen = { entity: string; key: string; row: unknown };

const changes = z.object({ batches: z.array(z.object({ changes: z.array(change) })) });

/** The rows that a frame of the town's feed carries, in order. */
export function newRows(text: string): RowSeen[] {
	const parsed = changes.safeParse(JSON.parse(text));
	if (!parsed.success) return [];
	return parsed.data.batches.flatMap((batch) =>
		batch.changes.map(([, entity, key, op, row]) => ({ entity, key, row: op === "del" ? null : row })),
	);
}

/** True when this row shows the effect: it is gone, or the named columns hold these values, and those no longer. */
export function isSeen(
	effect: Pick<Effect, "entity" | "key" | "is" | "isnt">,
	{ entity, key, row }: RowSeen,
): boolean {
	if (entity !== effect.entity || key !== effect.key) return false;
	return showsEffect(effect, row);
}

const health = z.looseObject({ value: townStateValues.health });

/** Whether a diagnosis made after the intervention lists the finding (a `findingKey`); null where this row does not say. `appliedAt` is the town's clock. */
export function isListed(row: unknown, finding: string, appliedAt: number): boolean | null {
	const parsed = health.safeParse(row);
	if (!parsed.success || Date.parse(parsed.data.value.at) < appliedAt) return null;
	return parsed.data.value.findings.some(({ subject }) => subject === finding);
}
