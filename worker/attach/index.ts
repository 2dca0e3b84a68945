/** Puts the console beside a Gastown that runs already (FEED-10): docs/attach.md says how. */
export { type AgentOptions, type AttachedAgentRpc, liveAgent } from "./agent.ts";
export type { Kept } from "./attached.ts";
export type { EventTable } from "./heard.ts";
export type { Given, Handler, Handlers } from "./orders.ts";
export { type AttachedOwnerRpc, liveOwner } from "./owner.ts";
export { type AttachedTownRpc, liveTown, type TownOptions } from "./town.ts";
