import type { Agent, Bead } from "../../../shared/gastown/index.ts";
import type { Lookup } from "../../../shared/interventions/catalogue-entry.ts";
import { timeOf } from "../../../shared/town-view/index.ts";

/** What the rules "from data to word" read beside the row itself. Times are the town's epoch milliseconds. */
export type Sight = {
	look: Lookup;
	now: number;
	/** Newest heartbeat of an agent by pulse; null where none came since the page was opened. */
	heartbeatAt(agentId: string): number | null;
};

/** When an agent was last heard: the newer of its row and its pulse. */
export const heardAt = (agent: Agent, sight: Sight): number | null => {
	const row = timeOf(agent.last_activity_at);
	const pulse = sight.heartbeatAt(agent.bead_id);
	return row === null ? pulse : Math.max(row, pulse ?? 0);
};

const DOWN = new Set(["died", "evicted", "stopped", "sleeping"]);

/** True where the town's container is known not to run: nothing in it works, whatever the rows still say (P2). */
export const nothingRuns = (sight: Pick<Sight, "look">): boolean =>
	DOWN.has(sight.look.town("container")?.status ?? "");

/**
 * True from the try to start an agent until its first heartbeat: Gastown writes `in_progress` and `working`
 * before it asks the container (domain.md §2.4).
 */
export const startsStill = (bead: Bead, agent: Agent, sight: Sight): boolean => {
	const tried = timeOf(bead.last_dispatch_attempt_at);
	const heard = heardAt(agent, sight);
	return tried !== null && (heard === null || heard < tried);
};
