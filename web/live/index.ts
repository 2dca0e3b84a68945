export { createTownClient, type Proposal, type RowsResult, type TownClient } from "./client.ts";
export { type ConnectionView, whyNoActions } from "./connection-view.ts";
export {
	TownClientProvider, TownProvider, useStream, useTown, useTownClient, useView,
} from "./react.tsx"; // biome-ignore format: a list
export type { Result } from "./requests.ts";
export type { Ticket } from "./socket.ts";
export type { LeftOut, StreamState } from "./stream-store.ts";
export type { AgentBeat, TownState } from "./town-state.ts";
