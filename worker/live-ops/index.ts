export { Agenda, type AgendaHandler } from "./agenda.ts";
export { uncapturedTables } from "./capture.ts";
export { FeedSocket, type FeedSource } from "./feed-socket.ts";
export { LIVE_OPS_TABLES, LiveOps } from "./live-ops.ts";
export { type Sql, type SqlValue, sqlOf } from "./sql.ts";
