import { aBead, before, value } from "../town.ts";

type Row = Record<string, unknown>;

/** Rows that states of several scenarios are made of, quiet and well unless said otherwise. */

export const theTown = (): Row =>
	value("town", { id: "t", name: "Harbor", owner_type: "user", owner_id: "u", created_at: before(999) });
export const config = (of: Row = {}, row: Row = {}): Row => ({ ...value("config", of), ...row });

export const aRig = (id: string, row: Row = {}): Row => ({
	id, name: id, git_url: `https://github.com/harbor/${id}.git`, default_branch: "main", config: {},
	platform_integration_id: "i-1", created_at: before(999), ...row,
}); // biome-ignore format: a row

/** A git token that was found and verified an hour ago and holds for another. */
export const aToken = (row: Row = {}): Row => ({
	rig_id: "api", credential: "git", source: "integration:i-1", fingerprint: "ab12cd34", expires_at: before(-60),
	resolved_at: before(60), verified_at: before(60), last_outcome: "ok", last_outcome_at: before(60), last_message: null,
	last_type: "verify", last_status: 200, failing_since: null, fingerprint_at: before(60), held_fingerprint: "ab12cd34",
	held_at: before(59), failures_since_ok: 0, ...row,
}); // biome-ignore format: a row

export const aRequest = (id: string, row: Row = {}): Row =>
	aBead(id, { type: "merge_request", labels: ["gt:merge-request"], ...row });
export const aReview = (bead_id: string, row: Row = {}): Row => ({
	bead_id, branch: `polecat/${bead_id}`, target_branch: "main", merge_commit: null, pr_url: null, retry_count: 0,
	auto_merge_ready_since: null, last_feedback_check_at: null, pr_state: null, mergeable_state: null, last_poll_at: null,
	poll_failures: 0, poll_error_kind: null, poll_error: null, conflict_files: [], queue_at: null, change: null, ...row,
}); // biome-ignore format: a row
export const aConvoy = (bead_id: string, row: Row = {}): Row => ({
	bead_id, total_beads: 3, closed_beads: 2, landed_at: null, feature_branch: "convoy/x", merge_mode: "review-then-land",
	staged: 0, ready_to_land: 0, landing_attempts: 0, last_landing_attempt_at: null, last_landing_error: null, ...row,
}); // biome-ignore format: a row

export const tracks = (bead_id: string, depends_on_bead_id: string): Row => ({
	...{ bead_id, depends_on_bead_id, dependency_type: "tracks" },
});

export const failedWith = (code: string, message: string, minutes = 10): Row => ({
	...{ status: "failed", closed_at: before(minutes), updated_at: before(minutes) },
	metadata: { failure_reason: { code, message, source: "refinery" } },
});

export const used = (attempt_id: string, row: Row = {}): Row => ({
	attempt_id, model: "kilo/one", agent_id: "toast", bead_id: "b", input_tokens: 9_000, output_tokens: 800,
	reasoning_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0, cost: 0.21, stream_seq: 9, at: before(1), ...row,
}); // biome-ignore format: a row

/** A message of the town's user to the mayor. */
export const said = (nudge_id: string, row: Row = {}): Row => ({
	nudge_id, agent_bead_id: "mayor", message: "Are you there?", mode: "immediate", priority: "normal", source: "user",
	created_at: before(4), delivered_at: null, expires_at: before(-56), status: "queued", error: null, ...row,
}); // biome-ignore format: a row
