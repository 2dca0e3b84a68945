/** Long ago: nothing of it is within any window that a look reads. */
const AT = "2026-01-05T10:00:00.000Z";
const TIMES = `'${AT}', '${AT}', '${AT}'`;

const numbers = (from: number, count: number) =>
	`WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${from + count - 1})`;
/** Whoever of the town's agents it was. */
const AGENT =
	"(SELECT bead_id FROM agent_metadata WHERE rowid = i % (SELECT count(*) FROM agent_metadata) + 1)";

/** Open beads of a rig; every third waits for the one before it. */
export const waiting = (rig: string, count: number): string[] => [
	`${numbers(1, count)} INSERT INTO beads (bead_id, type, title, rig_id, created_at, updated_at, status_since)
		SELECT 'waiting-' || i, 'issue', 'Work ' || i, '${rig}', ${TIMES} FROM n`,
	`${numbers(1, count)} INSERT INTO bead_dependencies (bead_id, depends_on_bead_id, dependency_type)
		SELECT 'waiting-' || i, 'waiting-' || (i - 1), 'blocks' FROM n WHERE i % 3 = 0`,
];

/** Beads that were done, reviewed and merged by the town's agents, with everything that this leaves behind. */
export const ended = (rig: string, from: number, count: number): string[] => [
	`${numbers(from, count)} INSERT INTO beads (bead_id, type, status, title, rig_id, created_at, updated_at, status_since, closed_at)
		SELECT kind || '-' || i, type, 'closed', 'Work ' || i, '${rig}', ${TIMES}, '${AT}'
		FROM n, (SELECT 'done' AS kind, 'issue' AS type UNION ALL SELECT 'merged', 'merge_request')`,
	`${numbers(from, count)} INSERT INTO bead_dependencies (bead_id, depends_on_bead_id, dependency_type)
		SELECT 'merged-' || i, 'done-' || i, 'tracks' FROM n`,
	`${numbers(from, count)} INSERT INTO review_metadata (bead_id, branch, merge_commit) SELECT 'merged-' || i, 'branch-' || i, 'c0ffee' FROM n`,
	`${numbers(from, count)} INSERT INTO dispatch_attempts (attempt_id, bead_id, agent_id, n, at, outcome, ended_at, exit_code, end_reason)
		SELECT 'attempt-' || i, 'done-' || i, ${AGENT}, 1, '${AT}', 'started', '${AT}', 0, 'completed' FROM n`,
	`${numbers(from, count)} INSERT INTO bead_events (bead_event_id, bead_id, agent_id, event_type, created_at)
		SELECT type || i, 'done-' || i, ${AGENT}, type, '${AT}'
		FROM n, (SELECT 'created' AS type UNION ALL SELECT 'hooked' UNION ALL SELECT 'agent_spawned' UNION ALL SELECT 'closed')`,
	`${numbers(from, count)} INSERT INTO agent_status_log (agent_id, from_status, to_status, at)
		SELECT ${AGENT}, 'idle', 'working', '${AT}' FROM n`,
	`${numbers(from, count)} INSERT INTO agent_nudges (nudge_id, agent_bead_id, message, mode, priority, source, created_at, delivered_at, status)
		SELECT 'nudge-' || i, ${AGENT}, 'Go on', 'immediate', 'normal', 'gupp:warn', '${AT}', '${AT}', 'delivered' FROM n`,
];
