import { limitsOf, rigs, thresholdsOf } from "../../../shared/gastown/index.ts";
import { readSecret } from "../credentials/secrets.ts";
import { dispatchHolds } from "../dispatch.ts";
import { heldFingerprints } from "../pulse.ts";
import { listRows } from "../rows.ts";
import type { Town } from "../town.ts";
import { townValue } from "../town-state.ts";
import { time } from "./columns.ts";
import { idleSince, readAgents, readCrashes } from "./read/agents.ts";
import { readKilo, readTokens } from "./read/credentials.ts";
import { BeadMemory } from "./read/memory.ts";
import { readEscalations, readInbox, readNudges } from "./read/messages.ts";
import { readConvoys, readReviews } from "./read/reviews.ts";
import type { EventNow, SchedulerState } from "./state.ts";

/** When the container was last given a token, epoch milliseconds. */
export const TOKEN_GIVEN = "container:token_given_at";

/**
 * Reads what the scheduler looks at: agents, what has not ended, and what that names. Indexes on status keep ended beads out
 * of it, so that a look does not grow with history (SCHED-5).
 */
export function observe(town: Town, memory = new BeadMemory()): SchedulerState {
	const config = townValue(town, "config");
	const container = townValue(town, "container");
	const inbox = readInbox(town);
	const held = heldBy(town, inbox);
	const agents = readAgents(town, held.agents);
	const tokensHeld = heldFingerprints(town);
	const allRigs = listRows(town.sql, rigs, "ORDER BY id");
	return {
		...{ now: town.now(), thresholds: thresholdsOf(config), holds: dispatchHolds(town) },
		container: container && { ...container, heard_at: heardAt(town) },
		rigs: new Map(
			allRigs.map(({ id, name, default_branch, config: own }) => [
				id,
				{ id, name, default_branch, limits: limitsOf(config, own) },
			]),
		),
		...{ agents, ...memory.read(town, held.beads) },
		...{ reviews: readReviews(town), convoys: readConvoys(town), escalations: readEscalations(town) },
		...{ nudges: readNudges(town), inbox },
		mayor: [...agents.values()].find(({ role, status }) => role === "mayor" && status !== "dead")?.id ?? null,
		...{ crashes: readCrashes(town), idleSince: idleSince(town) },
		...{ tokens: readTokens(town, allRigs, tokensHeld), kilo: readKilo(town, tokensHeld) },
		tokenGivenAt: (readSecret(town, TOKEN_GIVEN) as number | null) ?? time(container?.since),
		pauseUntil: time(townValue(town, "dispatch_pause")?.until),
		containerPauseUntil: time(townValue(town, "run_policy")?.until),
		drainSince: time(townValue(town, "drain")?.started_at),
		circuitSince: time(townValue(town, "circuit")?.since),
		triageAgent: (config?.triage as { agent?: unknown } | null | undefined)?.agent !== false,
	};
}

/** When the container last told anything, epoch milliseconds. */
function heardAt(town: Town): number | null {
	const told = town.sql.one<{ at: number }>("SELECT at FROM container_heard WHERE id = 1")?.at;
	const beat = "SELECT max(heartbeat_at) AS at FROM agent_pulse";
	return told ?? town.sql.one<{ at: number | null }>(beat)?.at ?? null;
}

/** What keeps agent and bead from dispatch until it is over, by an admin's order or by the town's own (LEDGER-2). */
const HOLDING: readonly string[] = ["stop-agent", "kill-agent", "merge-pr", "end_process"];
function heldBy(town: Town, inbox: readonly EventNow[]): Record<"agents" | "beads", Set<string>> {
	const stops = (townValue(town, "stops")?.awaited ?? []).filter(({ kind }) => HOLDING.includes(kind));
	const all = [...stops, ...inbox.filter(({ type }) => HOLDING.includes(type))];
	return {
		agents: new Set(all.flatMap(({ agent }) => agent ?? [])),
		beads: new Set(all.flatMap(({ bead }) => bead ?? [])),
	};
}
