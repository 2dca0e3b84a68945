import type { DispatchAttempt } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";

/** One start of an agent on a bead: what it said meanwhile is one track of the replay. Times are the town's milliseconds. */
export type Track = {
	attempt: string;
	agent: string;
	bead: string;
	n: number;
	outcome: string;
	from: number;
	/** Null while it goes on. */
	until: number | null;
};

/** Attempts as tracks, oldest first; one that was written twice (read and live) stands once. */
export function tracksOf(attempts: Iterable<DispatchAttempt>): Track[] {
	const byId = new Map<string, Track>();
	for (const row of attempts) {
		const from = timeOf(row.at);
		if (from === null) continue;
		byId.set(row.attempt_id, {
			...{ attempt: row.attempt_id, agent: row.agent_id, bead: row.bead_id, n: row.n, outcome: row.outcome },
			from,
			until: timeOf(row.ended_at) ?? (neverRan(row.outcome) ? from : null),
		});
	}
	return [...byId.values()].sort((a, b) => a.from - b.from);
}

/** A start that failed or was refused said nothing. */
export const neverRan = (outcome: string): boolean => outcome === "failed" || outcome === "refused";
