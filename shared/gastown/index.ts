import {
	agentNudges,
	agentSessions,
	agentSignals,
	agentStatusLog,
	agents,
	usage,
	usageHours,
} from "./agent.ts";
import {
	beadDependencies, beadEvents, beads, convoyMetadata, dispatchAttempts, escalationMetadata, reviewMetadata,
} from "./bead.ts"; // biome-ignore format: a list
import {
	containerEvents, credentialEvents, gitOperations, rigCredentials, rigs, townEvents, townState,
} from "./town.ts"; // biome-ignore format: a list

export * from "./agent.ts";
export * from "./agent-transitions.ts";
export * from "./bead.ts";
export * from "./bead-transitions.ts";
export * from "./container-cost.ts";
export * from "./convoy-transitions.ts";
export * from "./dispatch-transitions.ts";
export * from "./escalation-transitions.ts";
export * from "./git-url.ts";
export * from "./hook-transitions.ts";
export * from "./prompts.ts";
export * from "./review-queue.ts";
export * from "./review-transitions.ts";
export * from "./settings.ts";
export * from "./table.ts";
export * from "./town.ts";
export * from "./town-state.ts";
export * from "./transition.ts";

/** Every table of TownDO that an admin can see, by its name on the wire. Those left out: LEFT_OUT in worker/town/schema.ts. */
export const TOWN_TABLES = {
	beads,
	bead_events: beadEvents,
	bead_dependencies: beadDependencies,
	review_metadata: reviewMetadata,
	escalation_metadata: escalationMetadata,
	convoy_metadata: convoyMetadata,
	dispatch_attempts: dispatchAttempts,
	agent_metadata: agents,
	agent_status_log: agentStatusLog,
	agent_nudges: agentNudges,
	agent_signals: agentSignals,
	agent_sessions: agentSessions,
	usage,
	usage_hours: usageHours,
	rigs,
	town_state: townState,
	container_events: containerEvents,
	git_operations: gitOperations,
	credential_events: credentialEvents,
	rig_credentials: rigCredentials,
	town_events: townEvents,
} as const;
export type TownEntity = keyof typeof TOWN_TABLES;
