export { Agenda } from "./agenda.ts";
export { COMPACT_AGENDA, COMPACT_MS } from "./compaction.ts";
export { FeedSocket, type FeedSource } from "./feed-socket.ts";
export { LiveOps } from "./live-ops.ts";
export { type Sql, sqlOf } from "./sql.ts";
