import { agentSessions } from "../../shared/gastown/index.ts";
import type { HeartbeatReport } from "../../shared/ingest/index.ts";
import { getRow, upsertRow } from "./rows.ts";
import { isoNow, type Town } from "./town.ts";

const TOLD = ["attempt_id", "session_id", "pid", "status", "model", "prompt_hash"] as const;

/** Keeps what a heartbeat tells of a session where it is something new; an older container that tells nothing of it changes nothing. */
export function noteSession(town: Town, beat: HeartbeatReport["agents"][number]): void {
	if (beat.model === null && beat.prompt_hash === null) return;
	const before = getRow(town.sql, agentSessions, beat.agent_id);
	if (before && TOLD.every((field) => before[field] === beat[field])) return;
	const told = Object.fromEntries(TOLD.map((field) => [field, beat[field]]));
	upsertRow(town.sql, agentSessions, { ...told, agent_id: beat.agent_id, at: isoNow(town) });
}
