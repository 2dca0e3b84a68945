import { limitsOf, rigs, thresholdsOf } from "../../../shared/gastown/index.ts";
import { readSecret } from "../credentials/secrets.ts";
import { dispatchHolds } from "../dispatch.ts";
import { listRows } from "../rows.ts";
import type { Town } from "../town.ts";
import { townValue } from "../town-state.ts";
import { list, number, type Raw, record, text, time, words } from "./columns.ts";
import type { AgentNow, BeadNow, ConvoyNow, NudgeNow, ReviewNow, SchedulerState } from "./state.ts";

/** When the container was last given a token, epoch milliseconds. */
export const TOKEN_GIVEN = "container:token_given_at";
/** Past nudges of the watchdog that are looked at, so that none is repeated within its hour. */
const NUDGES_MS = 2 * 3_600_000;

/** By the index on type and status: both are named, so that what has ended is never read. `CROSS JOIN` keeps the order of the tables. */
const UNFINISHED = "status IN ('open', 'in_progress', 'in_review')";
const TYPES = "type IN ('issue', 'merge_request', 'convoy', 'molecule', 'escalation', 'message')";

/**
 * Reads what the scheduler looks at: agents, what has not ended, and what that names. Indexes on status keep ended beads out
 * of it, so that a look does not grow with history (SCHED-5).
 */
export function observe(town: Town): SchedulerState {
	const config = townValue(town, "config");
	const container = townValue(town, "container");
	const now = town.now();
	const beads = readBeads(town);
	const agents = readAgents(town);
	const heard =
		town.sql.one<{ at: number | null }>("SELECT max(heartbeat_at) AS at FROM agent_pulse")?.at ?? null;
	const told = town.sql.one<{ at: number }>("SELECT at FROM container_heard WHERE id = 1")?.at ?? null;
	return {
		...{ now, thresholds: thresholdsOf(config), holds: dispatchHolds(town), beads, agents },
		container: container && { ...container, heard_at: told ?? heard },
		rigs: new Map(
			listRows(town.sql, rigs, "ORDER BY id").map((rig) => [
				rig.id,
				{
					id: rig.id,
					name: rig.name,
					default_branch: rig.default_branch,
					limits: limitsOf(config, rig.config),
				},
			]),
		),
		blockers: pairs(
			town,
			`SELECT d.bead_id AS a, d.depends_on_bead_id AS b FROM beads w CROSS JOIN bead_dependencies d ON d.bead_id = w.bead_id
			 WHERE w.${TYPES} AND w.${UNFINISHED} AND d.dependency_type = 'blocks'`,
		),
		members: pairs(
			town,
			`SELECT d.depends_on_bead_id AS a, d.bead_id AS b FROM beads c CROSS JOIN bead_dependencies d ON d.depends_on_bead_id = c.bead_id
			 WHERE c.type = 'convoy' AND c.${UNFINISHED} AND d.dependency_type = 'tracks'`,
		),
		reviews: readReviews(town),
		convoys: readConvoys(town),
		nudges: readNudges(town),
		mayor: [...agents.values()].find(({ role, status }) => role === "mayor" && status !== "dead")?.id ?? null,
		crashes: readCrashes(town),
		idleSince: idleSince(town),
		tokenGivenAt: (readSecret(town, TOKEN_GIVEN) as number | null) ?? time(container?.since),
		pauseUntil: time(townValue(town, "dispatch_pause")?.until),
		containerPauseUntil: time(townValue(town, "run_policy")?.until),
		drainSince: time(townValue(town, "drain")?.started_at),
	};
}

/** Unfinished ones, and ended ones that those still name. */
function readBeads(town: Town): Map<string, BeadNow> {
	const columns = (of: string) =>
		`${of}.bead_id, ${of}.type, ${of}.status, ${of}.title, ${of}.rig_id, ${of}.priority, ${of}.assignee_agent_bead_id, ${of}.labels,
		 ${of}.metadata, ${of}.dispatch_attempts, ${of}.last_dispatch_attempt_at, ${of}.created_at, ${of}.updated_at, ${of}.status_since`;
	const named = (from: string, to: string) =>
		`SELECT ${columns("e")} FROM beads u CROSS JOIN bead_dependencies d ON d.${from} = u.bead_id
		 CROSS JOIN beads e ON e.bead_id = d.${to}
		 WHERE u.${TYPES} AND u.${UNFINISHED} AND e.status IN ('closed', 'failed')`;
	const rows = town.sql.all<Raw>(
		`SELECT ${columns("u")} FROM beads u WHERE u.${TYPES} AND u.${UNFINISHED}
		 UNION ${named("bead_id", "depends_on_bead_id")} UNION ${named("depends_on_bead_id", "bead_id")}`,
	);
	return new Map(
		rows.map((row) => {
			const id = words(row.bead_id);
			const created_at = time(row.created_at) ?? 0;
			const updated_at = time(row.updated_at) ?? created_at;
			return [
				id,
				{
					...{
						id,
						type: words(row.type),
						status: words(row.status),
						title: words(row.title),
						rig_id: text(row.rig_id),
					},
					...{
						priority: words(row.priority),
						assignee: text(row.assignee_agent_bead_id),
						labels: list(row.labels),
					},
					...{ metadata: record(row.metadata), dispatch_attempts: number(row.dispatch_attempts) },
					...{ last_dispatch_at: time(row.last_dispatch_attempt_at), created_at, updated_at },
					status_since: time(row.status_since) ?? updated_at,
					held: town.isHeld("bead", id),
				},
			];
		}),
	);
}

function readAgents(town: Town): Map<string, AgentNow> {
	const rows = town.sql.all<Raw>(
		`SELECT a.bead_id, b.title, b.rig_id, a.role, a.status, a.current_hook_bead_id, a.current_attempt_id, a.container_process_id,
			a.active_tools, a.last_event_at, a.stalled_at, a.dispatch_attempts, d.at AS attempt_at, d.outcome AS attempt_outcome,
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
					held: town.isHeld("agent", id),
					asks: text(row.pending_permission) !== null && row.pending_permission !== "null",
				},
			];
		}),
	);
}

function readReviews(town: Town): Map<string, ReviewNow> {
	const rows = town.sql.all<Raw>(
		`SELECT r.*, (SELECT depends_on_bead_id FROM bead_dependencies d WHERE d.bead_id = r.bead_id AND d.dependency_type = 'tracks'
			LIMIT 1) AS source
		 FROM beads b CROSS JOIN review_metadata r ON r.bead_id = b.bead_id WHERE b.type = 'merge_request' AND b.${UNFINISHED}`,
	);
	return new Map(
		rows.map((row) => [
			words(row.bead_id),
			{
				...{ bead_id: words(row.bead_id), source: text(row.source), branch: words(row.branch) },
				...{
					target_branch: words(row.target_branch),
					pr_url: text(row.pr_url),
					pr_state: text(row.pr_state),
				},
				...{ mergeable_state: text(row.mergeable_state), last_poll_at: time(row.last_poll_at) },
				...{ poll_failures: number(row.poll_failures), poll_error_kind: text(row.poll_error_kind) },
				auto_merge_ready_since: time(row.auto_merge_ready_since),
				retry_count: number(row.retry_count),
				queue_at: row.queue_at === null ? null : number(row.queue_at),
			},
		]),
	);
}

function readConvoys(town: Town): Map<string, ConvoyNow> {
	const rows = town.sql.all<Raw>(
		`SELECT c.* FROM beads b CROSS JOIN convoy_metadata c ON c.bead_id = b.bead_id WHERE b.type = 'convoy' AND b.${UNFINISHED}`,
	);
	return new Map(
		rows.map((row) => [
			words(row.bead_id),
			{
				...{
					bead_id: words(row.bead_id),
					total_beads: number(row.total_beads),
					closed_beads: number(row.closed_beads),
				},
				...{
					feature_branch: text(row.feature_branch),
					merge_mode: text(row.merge_mode) ?? "review-then-land",
				},
				...{
					staged: row.staged === 1,
					ready_to_land: row.ready_to_land === 1,
					landed_at: time(row.landed_at),
				},
				...{
					landing_attempts: number(row.landing_attempts),
					last_landing_attempt_at: time(row.last_landing_attempt_at),
				},
			},
		]),
	);
}

function readNudges(town: Town): NudgeNow[] {
	return town.sql
		.all<Raw>(
			`SELECT n.* FROM agent_metadata a CROSS JOIN agent_nudges n ON n.agent_bead_id = a.bead_id AND n.status = 'queued'
			 UNION SELECT n.* FROM agent_metadata a CROSS JOIN agent_nudges n ON n.agent_bead_id = a.bead_id AND n.created_at > ?
			 WHERE n.source LIKE 'gupp:%' ORDER BY created_at, nudge_id`,
			new Date(town.now() - NUDGES_MS).toISOString(),
		)
		.map((row) => ({
			...{
				id: words(row.nudge_id),
				agent: words(row.agent_bead_id),
				mode: words(row.mode),
				source: words(row.source),
			},
			...{
				created_at: time(row.created_at) ?? 0,
				expires_at: time(row.expires_at),
				status: words(row.status),
			},
		}));
}

function pairs(town: Town, sql: string): Map<string, string[]> {
	const map = new Map<string, string[]>();
	for (const { a, b } of town.sql.all<{ a: string; b: string }>(`${sql} ORDER BY a, b`)) {
		const known = map.get(a);
		if (known) known.push(b);
		else map.set(a, [b]);
	}
	return map;
}

/** Processes that failed lately, by agent, where no request about it is open. */
function readCrashes(town: Town): Map<string, number> {
	const { crash_loop_ms } = thresholdsOf(townValue(town, "config"));
	const rows = town.sql.all<{ agent: string; n: number }>(
		`SELECT d.agent_id AS agent, count(*) AS n FROM agent_metadata a CROSS JOIN dispatch_attempts d ON d.agent_id = a.bead_id
		 WHERE d.at > ? AND end_reason IS NOT NULL AND (signal IS NOT NULL OR coalesce(exit_code, 0) NOT IN (0, 143)) AND outcome = 'started'
		 AND end_reason NOT LIKE 'ended by%' GROUP BY d.agent_id`,
		new Date(town.now() - crash_loop_ms).toISOString(),
	);
	return new Map(rows.map(({ agent, n }) => [agent, n]));
}

/** When the last agent stopped to work; null while one works. */
function idleSince(town: Town): number | null {
	const working = town.sql.one("SELECT 1 FROM agent_metadata WHERE status IN ('working', 'stalled') LIMIT 1");
	if (working) return null;
	const { at } = town.sql.one<{ at: string | null }>(
		"SELECT at FROM agent_status_log ORDER BY id DESC LIMIT 1",
	) ?? {
		at: null,
	};
	return time(at) ?? 0;
}
