import type { Sql } from "../live-ops/index.ts";
import type { StreamLimits } from "./limits.ts";
import type { StreamState } from "./stream-state.ts";

/** Rows deleted by one statement: a year of one-event segments must not be one turn's work. */
const MOST = 2_000;

/**
 * Drops the oldest segments beyond age or size, whole, and what only they referred to; moves the horizon (STREAM-3). The
 * newest segment always stays. Changes `state`.
 */
export function prune(sql: Sql, state: StreamState, limits: StreamLimits, now: number): void {
	state.unpruned = 0;
	let over = state.bytes - limits.streamBytes;
	let horizon = state.horizon;
	// A body goes with the newest event that refers to it.
	const oldest = sql.all<{ to_seq: number; at: number; bytes: number }>(
		`SELECT to_seq, at, bytes + (SELECT coalesce(SUM(bytes), 0) FROM body
			WHERE last_seq BETWEEN segment.from_seq AND segment.to_seq) AS bytes
		FROM segment WHERE to_seq < ? ORDER BY to_seq LIMIT ?`,
		state.seq,
		MOST,
	);
	for (const segment of oldest) {
		if (over <= 0 && segment.at >= now - limits.ageMs) break;
		over -= segment.bytes;
		state.bytes -= segment.bytes;
		horizon = segment.to_seq + 1;
	}
	if (horizon === state.horizon) return;
	state.horizon = horizon;
	sql.run("DELETE FROM segment WHERE to_seq < ?", horizon);
	sql.run("DELETE FROM body_piece WHERE ref IN (SELECT ref FROM body WHERE last_seq < ?)", horizon);
	sql.run("DELETE FROM body WHERE last_seq < ?", horizon);
	sql.run("DELETE FROM message_usage WHERE seq < ?", horizon);
}

/** When the oldest segment that may go is of the age to, epoch milliseconds; null while only the newest is there. */
export function pruneDue(sql: Sql, { seq }: StreamState, { ageMs }: StreamLimits): number | null {
	const oldest = sql.one<{ at: number }>(
		"SELECT at FROM segment WHERE to_seq < ? ORDER BY to_seq LIMIT 1",
		seq,
	);
	return oldest && oldest.at + ageMs + 1;
}
