import type { TownEntity } from "../../../shared/gastown/index.ts";
import { emptyTown, keyOf, put, type TownView } from "../../../shared/town-view/index.ts";

export const NOW = Date.parse("2026-03-01T12:00:00Z");
/** ISO time so many minutes before now. */
export const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

type Row = Record<string, unknown>;
type Rows = Partial<Record<TownEntity, Row[]>>;

/** A bead that is open and quiet since an hour. */
export const aBead = (bead_id: string, row: Row = {}): Row => ({
	bead_id, type: "issue", status: "open", title: `Bead ${bead_id}`, body: null, rig_id: "api", parent_bead_id: null,
	assignee_agent_bead_id: null, priority: "medium", labels: [], metadata: {}, dispatch_attempts: 0,
	last_dispatch_attempt_at: null, last_dispatch_error: null, dispatch_order: null, created_by: null, created_at: before(60),
	updated_at: before(60), closed_at: null, status_since: null, ...row,
}); // biome-ignore format: a row

/** An agent at work on nothing, with the name that its bead gives it. */
export const anAgent = (bead_id: string, row: Row = {}): Row => ({
	bead_id, role: "polecat", identity: bead_id, container_process_id: null, status: "idle", current_hook_bead_id: null,
	dispatch_attempts: 0, checkpoint: null, last_activity_at: before(1), agent_status_message: null,
	agent_status_updated_at: null, last_event_type: "message.part.updated", last_event_at: before(1), active_tools: [],
	stalled_at: null, status_since: null, current_attempt_id: null, last_exit: null, ...row,
}); // biome-ignore format: a row

export const works = (bead: string, row: Row = {}): Row => ({
	status: "working", current_hook_bead_id: bead, container_process_id: "4121", current_attempt_id: "a1", ...row,
}); // biome-ignore format: a row

export const signals = (agent_id: string, row: Row = {}): Row => ({
	agent_id, last_error: null, equal_calls: null, pending_permission: null, retry: null, offline_since: null,
	turn_since: null, last_step_at: null, steps: 3, stream_seq: 9, ...row,
}); // biome-ignore format: a row

export const blocks = (bead_id: string, depends_on_bead_id: string): Row => ({
	bead_id,
	depends_on_bead_id,
	dependency_type: "blocks",
});

export const tracks = (bead_id: string, depends_on_bead_id: string): Row => ({
	bead_id,
	depends_on_bead_id,
	dependency_type: "tracks",
});

/** A merge request that waits for a refinery, and its review. */
export const aRequest = (bead_id: string, row: Row = {}): Row =>
	aBead(bead_id, { type: "merge_request", title: `Merge ${bead_id}`, ...row });
export const aReview = (bead_id: string, row: Row = {}): Row => ({
	bead_id, branch: `fix/${bead_id}`, target_branch: "main", merge_commit: null, pr_url: null, retry_count: 0,
	auto_merge_ready_since: null, last_feedback_check_at: null, pr_state: null, mergeable_state: null, last_poll_at: null,
	polled_ok_at: null, poll_failures: 0, poll_error_kind: null, poll_error: null, conflict_files: [], queue_at: null, branch_pr: null,
	change: null, ...row,
}); // biome-ignore format: a row

/** The rig of every row here: its repository at GitHub, by an integration of its own. */
export const aRig = (config: Row = {}, row: Row = {}): Row => ({
	id: "api", name: "api", git_url: "https://github.com/o/shop", default_branch: "main", config,
	platform_integration_id: "i-1", created_at: before(999), ...row,
}); // biome-ignore format: a row

export const aToken = (row: Row = {}): Row => ({
	rig_id: "api", credential: "git", source: "integration:i-1", fingerprint: "ab12", expires_at: before(-60),
	resolved_at: before(30), verified_at: before(30), last_outcome: "ok", last_outcome_at: before(30), last_message: null,
	failures_since_ok: 0, ...row,
}); // biome-ignore format: a row

/** What git could not do and has not done since. */
export const gitFailure = (row: Row = {}): Row => ({
	rig_id: "api", bead_id: null, agent_id: null, operation: "clone", outcome: "failed", stderr: "", since: before(12),
	at: before(2), times: 3, id: 7, ...row,
}); // biome-ignore format: a row

/** The town's own rows that remedies are checked against. */
export const self = (): Row[] => [
	value("town", { id: "t", name: "Harbor", owner_type: "user", owner_id: "u", created_at: before(999) }),
	value("config", {}),
];

export const value = (key: string, of: unknown): Row => ({ key, value: of, updated_at: before(60) });
export const container = (of: Row = {}): Row =>
	value("container", {
		status: "running", instance_id: "91ab", since: before(60), last_stop: null, restarts_in_window: 0,
		window_started_at: null, ...of,
	}); // biome-ignore format: a row
export const aStop = (of: Row = {}): Row => ({
	at: before(4), exit_code: 137, reason: "", oom: false, memory_mb: 212, memory_limit_mb: 512,
	agents: ["toast", "maple"], event_id: 7, ...of,
}); // biome-ignore format: a row

/** A town that was read, with these rows; every agent row gets its bead, named by its id. */
export function townOf(rows: Rows): TownView {
	const view = emptyTown();
	view.position = { epoch: "e", seq: 1, mark: "m" };
	const named = (rows.agent_metadata ?? []).map((row) =>
		aBead(String(row.bead_id), {
			type: "agent",
			title: capital(String(row.bead_id)),
			rig_id: row.role === "mayor" ? null : "api",
		}),
	);
	const all: Rows = {
		rigs: [{ id: "api", name: "api", git_url: "", default_branch: "main", config: {}, platform_integration_id: null, created_at: before(999) }],
		...rows,
		beads: [...named, ...(rows.beads ?? [])],
	}; // biome-ignore format: rows
	for (const [entity, list] of Object.entries(all) as [TownEntity, Row[]][])
		for (const row of list) put(view, entity, keyOf(entity, row), row, null);
	return view;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
