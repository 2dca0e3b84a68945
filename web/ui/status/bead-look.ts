import type { Bead, ConvoyMetadata, ReviewMetadata } from "../../../shared/gastown/index.ts";
import { labelsOf, metadataOf, timeOf } from "../../../shared/town-view/index.ts";
import { duration } from "../format/duration.ts";
import { clockTime } from "../format/time.ts";
import { agentLook } from "./agent-look.ts";
import { convoyLook } from "./convoy-look.ts";
import { reviewLook } from "./review-look.ts";
import { nothingRuns, type Sight, startsStill } from "./sight.ts";
import { type Look, look, unknownLook } from "./signs.ts";

/** Rows beside a bead, where it has them. `staged`: its convoy has not been started. */
export type Satellites = { review?: ReviewMetadata; convoy?: ConvoyMetadata; staged?: boolean };

/** Back-off by the bead's attempts so far, milliseconds (domain.md §2.5). */
const BACK_OFF = [0, 30_000, 60_000, 120_000, 300_000, 600_000];
const TIMEOUT_MS = 4 * 3_600_000;
/** How long before its timeout a bead says so. */
const TIMEOUT_TOLD_MS = 600_000;

const openLook = (bead: Bead, sight: Sight, staged: boolean): Look => {
	if (labelsOf(bead).includes("gt:held")) return look("held", "Held", "quiet");
	if (staged) return look("held", "Staged", "quiet");
	const blocked = sight.look
		.dependenciesOf(bead.bead_id)
		.some(
			(it) => it.dependency_type === "blocks" && sight.look.bead(it.depends_on_bead_id)?.status !== "closed",
		);
	if (blocked) return look("waiting", "Blocked", "quiet");
	if (sight.look.town("dispatch_pause")) return look("paused", "Dispatch paused", "human");
	if (bead.type === "issue" && bead.rig_id === null) return look("refused", "Not dispatchable", "warn");
	const tried = timeOf(bead.last_dispatch_attempt_at);
	const wait = BACK_OFF[Math.min(bead.dispatch_attempts, BACK_OFF.length - 1)] ?? 0;
	if (tried !== null && wait > 0 && tried + wait > sight.now)
		return look("waiting", `Backing off until ${clockTime(tried + wait, "minutes")}`, "quiet");
	return look("open", "Open", "quiet");
};

const inProgressLook = (bead: Bead, sight: Sight): Look => {
	const hooked = sight.look.agentsHookedTo(bead.bead_id);
	const assignee = bead.assignee_agent_bead_id;
	if (assignee && hooked.length > 0 && !hooked.some((agent) => agent.bead_id === assignee))
		return look("differs", "Hook and assignee differ", "warn");
	if (nothingRuns(sight)) return look("unknown", "Was in progress", "quiet");
	const agent = hooked[0];
	if (agent && startsStill(bead, agent, sight)) return look("changing", "Dispatching", "active");
	const began = timeOf(bead.last_dispatch_attempt_at);
	const { timeout_ms: asked } = metadataOf(bead);
	const limit = typeof asked === "number" ? asked : TIMEOUT_MS;
	const left = began === null ? null : began + limit - sight.now;
	if (left !== null && left > 0 && left < TIMEOUT_TOLD_MS)
		return look("late", `Times out in ${duration(left)}`, "warn");
	return look("underWay", "In progress", "active");
};

/** How a bead stands, from its row and what is around it. Beads that are agents, reviews or convoys look as those do. */
export function beadLook(bead: Bead, sight: Sight, satellites: Satellites = {}): Look {
	if (bead.type === "agent") {
		const agent = sight.look.agent(bead.bead_id);
		if (agent) return agentLook(agent, sight);
	}
	if (bead.type === "merge_request" && satellites.review) return reviewLook(bead, satellites.review);
	if (bead.type === "convoy" && satellites.convoy) return convoyLook(bead, satellites.convoy);
	switch (bead.status) {
		case "open":
			return openLook(bead, sight, satellites.staged ?? false);
		case "in_progress":
			return inProgressLook(bead, sight);
		case "in_review":
			return look("review", "In review", "active");
		case "closed":
			return look("done", "Closed", "good");
		case "failed":
			return look("failed", "Failed", "bad");
		default:
			return unknownLook(bead.status);
	}
}
