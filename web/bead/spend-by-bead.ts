import type { Usage } from "../../shared/gastown/index.ts";

/** Usage rows, absolute totals per attempt and model (STREAM-4), summed by bead; the dearest first. */
export function spendByBead(
	rows: readonly Pick<Usage, "bead_id" | "attempt_id" | "cost">[],
): { bead: string | null; attempts: number; cost: number }[] {
	const beads = new Map<string | null, { attempts: Set<string>; cost: number }>();
	for (const { bead_id, attempt_id, cost } of rows) {
		const sum = beads.get(bead_id) ?? { attempts: new Set<string>(), cost: 0 };
		sum.attempts.add(attempt_id);
		sum.cost += cost;
		beads.set(bead_id, sum);
	}
	return [...beads]
		.map(([bead, { attempts, cost }]) => ({ bead, attempts: attempts.size, cost }))
		.sort((a, b) => b.cost - a.cost);
}
