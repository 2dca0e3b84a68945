import type { Batch } from "../../shared/protocol/index.ts";
import { plural } from "../ui/format/number.ts";

/** Changes after a seq in a sentence, `14 changes: 2 beads closed, 1 agent stalled`; null where there is none. */
export function digestOf(batches: readonly Batch[], after: number): string | null {
	const changes = batches.flatMap((batch) => (batch.from > after ? batch.changes : []));
	if (changes.length === 0) return null;
	const now = (entity: string, status: string) =>
		new Set(
			changes
				.filter(([, of, , , row]) => of === entity && (row as { status?: unknown } | null)?.status === status)
				.map(([, , key]) => key),
		).size;
	const told: [number, string, string][] = [
		[now("beads", "closed"), "bead", "closed"],
		[now("beads", "failed"), "bead", "failed"],
		[now("agent_metadata", "stalled"), "agent", "stalled"],
	];
	const words = told.filter(([n]) => n > 0).map(([n, thing, word]) => `${plural(n, thing)} ${word}`);
	return [plural(changes.length, "change"), words.join(", ")].filter(Boolean).join(": ");
}
