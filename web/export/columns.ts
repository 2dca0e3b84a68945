import { timeOf } from "../../shared/town-view/index.ts";
import type { AgentRow } from "../town/agent-rows.ts";
import type { BeadRow } from "../town/bead-rows.ts";
import type { EventRow } from "../town/changes/event-rows.ts";
import type { ConvoyRow } from "../town/convoy-rows.ts";
import type { ReviewRow, RigQueue } from "../town/review-rows.ts";
import { convoyLook } from "../ui/status/convoy-look.ts";
import { reviewLook } from "../ui/status/review-look.ts";
import { type Columns, iso } from "./sheet.ts";

/** `status` is as stored, `state` as the page tells it. */
export const BEAD_EXPORT: Columns<BeadRow> = {
	id: ({ bead }) => bead.bead_id,
	title: ({ bead }) => bead.title,
	type: ({ bead }) => bead.type,
	status: ({ bead }) => bead.status,
	state: ({ look }) => look.word,
	since: ({ since }) => iso(since),
	priority: ({ bead }) => bead.priority,
	rig: ({ rigName }) => rigName,
	assignee: ({ assigneeName }) => assigneeName,
	assignee_id: ({ bead }) => bead.assignee_agent_bead_id,
	attempts: ({ bead }) => bead.dispatch_attempts,
	last_error: ({ bead }) => bead.last_dispatch_error,
	changed_at: ({ changedAt }) => iso(changedAt),
	created_at: ({ bead }) => bead.created_at,
	closed_at: ({ bead }) => bead.closed_at,
	cost_usd: ({ cost }) => cost,
};

export const AGENT_EXPORT: Columns<AgentRow> = {
	id: ({ key }) => key,
	name: ({ name }) => name,
	role: ({ agent }) => agent.role,
	status: ({ agent }) => agent.status,
	state: ({ look }) => look.word,
	since: ({ since }) => iso(since),
	rig: ({ rigName }) => rigName,
	bead: ({ beadTitle }) => beadTitle,
	bead_id: ({ beadId }) => beadId,
	tool: ({ tool }) => tool,
	attempts: ({ agent }) => agent.dispatch_attempts,
	attempts_allowed: ({ maxAttempts }) => maxAttempts,
	last_event_at: ({ eventAt }) => iso(eventAt),
	heartbeat_at: ({ heardAt }) => iso(heardAt),
	cost_usd: ({ cost }) => cost,
};

/** A request with the rig whose queue it stands in. */
type Queued = { rig: RigQueue["rig"]; row: ReviewRow };
export const queued = (queues: readonly RigQueue[]): Queued[] =>
	queues.flatMap(({ rig, rows, failed }) => [...rows, ...failed].map((row) => ({ rig, row })));

export const REVIEW_EXPORT: Columns<Queued> = {
	rig: ({ rig }) => rig.name,
	place: ({ row }) => row.place,
	id: ({ row }) => row.bead.bead_id,
	title: ({ row }) => row.bead.title,
	status: ({ row }) => row.bead.status,
	state: ({ row }) => reviewLook(row.bead, row.review).word,
	since: ({ row }) => iso(row.since),
	reviewer_ids: ({ row }) => row.reviewers.join(" "),
	branch: ({ row }) => row.review.branch,
	target_branch: ({ row }) => row.review.target_branch,
	pr_url: ({ row }) => row.review.pr_url,
	merge_commit: ({ row }) => row.review.merge_commit,
	retries: ({ row }) => row.review.retry_count,
	starts: ({ row }) => row.bead.dispatch_attempts,
	work_ids: ({ row }) => row.sources.map(({ bead_id }) => bead_id).join(" "),
	lands_convoy: ({ row }) => row.landing,
	cost_usd: ({ row }) => row.cost,
};

export const CONVOY_EXPORT: Columns<ConvoyRow> = {
	id: ({ bead }) => bead.bead_id,
	title: ({ bead }) => bead.title,
	status: ({ bead }) => bead.status,
	state: ({ bead, convoy, counted }) => convoyLook(bead, convoy, counted.closed_beads).word,
	closed_stored: ({ convoy }) => convoy.closed_beads,
	total_stored: ({ convoy }) => convoy.total_beads,
	closed_counted: ({ counted }) => counted.closed_beads,
	total_counted: ({ counted }) => counted.total_beads,
	feature_branch: ({ convoy }) => convoy.feature_branch,
	merge_mode: ({ convoy }) => convoy.merge_mode,
	landing_attempts: ({ convoy }) => convoy.landing_attempts,
	landing_error: ({ convoy }) => convoy.last_landing_error,
	landed_at: ({ convoy }) => iso(timeOf(convoy.landed_at)),
	not_closed: ({ open }) => open.map(({ bead, why }) => `${bead.title}: ${why}`).join("\n"),
};

export const EVENT_EXPORT: Columns<EventRow> = {
	seq: ({ seq }) => seq,
	at: ({ at }) => iso(at),
	entity: ({ entity }) => entity,
	key: ({ key }) => key,
	op: ({ op }) => op,
	name: ({ name }) => name,
	words: ({ words }) => words,
	cause: ({ cause }) => cause?.kind,
	cause_what: ({ cause }) => cause?.what,
	cause_id: ({ cause }) => cause?.id,
	cause_by: ({ cause }) => cause?.by,
	before: ({ before }) => before,
	after: ({ after }) => after,
};
