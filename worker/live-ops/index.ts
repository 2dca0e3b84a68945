export { Agenda } from "./agenda.ts";
export { COMPACT_AGENDA, COMPACT_MS } from "./compaction.ts";
export { migrateTable } from "./ddl.ts";
export { FeedSocket, type FeedSource } from "./feed-socket.ts";
export { LIVE_TAG, type LiveHost, LiveOps } from "./live-ops.ts";
export { type Sql, type SqlWatch, sqlOf } from "./sql.ts";
