import type { Agent, Bead } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";

/** A stream outlives its agent by this long (STREAM-3). */
const KEPT_MS = 30 * 86_400_000;

/** When an agent was taken out of its town, and until when what it said is kept. Milliseconds of the town. */
export type Removed = { at: number; until: number };

/**
 * An agent that is gone keeps its row: it is dead and its own bead is closed (domain.md §2.6: an agent that died and may be
 * started again keeps an open one). Null for one that is in its town.
 */
export function removedOf(
	agent: Pick<Agent, "status">,
	own: Pick<Bead, "status" | "closed_at"> | undefined,
): Removed | null {
	if (agent.status !== "dead" || own?.status !== "closed") return null;
	const at = timeOf(own.closed_at);
	return at === null ? null : { at, until: at + KEPT_MS };
}
