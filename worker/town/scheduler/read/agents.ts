import { thresholdsOf } from "../../../../shared/gastown/index.ts";
import type { Town } from "../../town.ts";
import { townValue } from "../../town-state.ts";
import { list, number, type Raw, record, text, time, words } from "../columns.ts";
import type { AgentNow, CrashesNow } from "../state.ts";

export function readAgents(town: Town, held: ReadonlySet<string>): Map<string, AgentNow> {
	const rows = town.sql.all<Raw>(
		`SELECT a.bead_id, b.title, b.rig_id, a.role, a.status, a.current_hook_bead_id, a.current_attempt_id, a.container_process_id,
			b.dispatch_attempts AS sessions, b.last_dispatch_attempt_at AS session_at, a.active_tools, a.last_event_at, a.stalled_at, a.dispatch_attempts, d.at AS attempt_at, d.outcome AS attempt_outcome,
			p.heartbeat_at, p.last_event_at AS beat_event_at, p.active_tools AS beat_tools, s.pending_permission, s.last_step_at,
			(SELECT at FROM agent_status_log l WHERE l.agent_id = a.bead_id ORDER BY l.id DESC LIMIT 1) AS status_since
		 FROM agent_metadata a JOIN beads b ON b.bead_id = a.bead_id
		 LEFT JOIN dispatch_attempts d ON d.attempt_id = a.current_attempt_id
		 LEFT JOIN agent_pulse p ON p.agent_id = a.bead_id
		 LEFT JOIN agent_signals s ON s.agent_id = a.bead_id
		 WHERE a.status != 'dead' ORDER BY a.bead_id`,
	);
	return new Map(
		rows.map((row) => {
			const id = words(row.bead_id);
			const attempt_at = time(row.attempt_at);
			const events = [
				attempt_at,
				time(row.last_event_at),
				row.beat_event_at === null ? null : number(row.beat_event_at),
			];
			const newest = Math.max(...events.map((at) => at ?? 0));
			return [
				id,
				{
					...{
						id,
						name: words(row.title),
						role: words(row.role),
						rig_id: text(row.rig_id),
						status: words(row.status),
					},
					...{ hook: text(row.current_hook_bead_id), attempt: text(row.current_attempt_id), attempt_at },
					...{ attempt_outcome: text(row.attempt_outcome), process: text(row.container_process_id) },
					heartbeat_at: row.heartbeat_at === null ? null : number(row.heartbeat_at),
					last_event_at: newest === 0 ? null : newest,
					active_tools: list(row.beat_tools ?? row.active_tools ?? "[]"),
					stalled_at: time(row.stalled_at),
					status_since: time(row.status_since),
					dispatch_attempts: number(row.dispatch_attempts),
					sessions: { dispatch_attempts: number(row.sessions), last_dispatch_at: time(row.session_at) },
					held: held.has(id),
					asks: text(row.pending_permission) !== null && row.pending_permission !== "null",
				},
			];
		}),
	);
}

/** Processes that failed lately, by agent: those since somebody last decided about the agent (TRIAGE-1). */
export function readCrashes(town: Town): Map<string, CrashesNow> {
	const { crash_loop_ms } = thresholdsOf(townValue(town, "config"));
	const since = new Date(town.now() - crash_loop_ms).toISOString();
	const rows = town.sql.all<{ agent: string; bead: string; at: string }>(
		`SELECT d.agent_id AS agent, d.bead_id AS bead, d.at FROM agent_metadata a CROSS JOIN dispatch_attempts d ON d.agent_id = a.bead_id
		 WHERE d.at > ? AND end_reason IS NOT NULL AND (signal IS NOT NULL OR coalesce(exit_code, 0) NOT IN (0, 143)) AND outcome = 'started'
		 AND end_reason NOT LIKE 'ended by%' ORDER BY d.at`,
		since,
	);
	if (rows.length === 0) return new Map();
	const decided = new Map(
		town.sql
			.all<Raw>(
				"SELECT metadata, created_at FROM bead_events WHERE event_type = 'triage_resolved' AND created_at > ? ORDER BY created_at",
				since,
			)
			.map(({ metadata, created_at }) => [String(record(metadata).agent_bead_id), words(created_at)]),
	);
	const crashes = new Map<string, CrashesNow>();
	for (const { agent, bead, at } of rows)
		if (at > (decided.get(agent) ?? ""))
			crashes.set(agent, { count: (crashes.get(agent)?.count ?? 0) + 1, bead });
	return crashes;
}

/** When the last agent stopped to work; null while one works. */
export function idleSince(town: Town): number | null {
	const working = town.sql.one("SELECT 1 FROM agent_metadata WHERE status IN ('working', 'stalled') LIMIT 1");
	if (working) return null;
	const { at } = town.sql.one<{ at: string | null }>(
		"SELECT at FROM agent_status_log ORDER BY id DESC LIMIT 1",
	) ?? {
		at: null,
	};
	return time(at) ?? 0;
}
