import {
	type Agent, type Bead, beadDependencies, beads, convoyMetadata, hookState, limitsOf, moveHook, moveReview, type ReviewMetadata,
	type ReviewMove, reviewMetadata, reviewState,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { sourcesOf } from "../../shared/interventions/reading.ts";
import { redact } from "../../shared/redaction/index.ts";
import { labelsOf } from "../../shared/town-view/index.ts";
import { needAgent } from "./agents.ts";
import { applyMove, assignBead, endBead, findBead, insertBead, needBead } from "./beads.ts";
import { mayMove } from "./convoys.ts";
import { routeEscalation } from "./escalations.ts";
import { takeOff } from "./hooks.ts";
import { lookupOf } from "./interventions/lookup.ts";
import { recordBeadEvent } from "./journal.ts";
import { findRig } from "./rigs.ts";
import { getRow, insertRow, updateRow } from "./rows.ts";
import { targetOf } from "./scheduler/order.ts";
import { fail, failMove, isoNow, ok, type Result, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** Work with these labels is closed when it is done, without a review of its own (domain.md §2.4). */
const UNREVIEWED = ["gt:rework", "gt:pr-fixup", "gt:pr-conflict", "gt:pr-feedback", "gt:triage"];

type Done = { merge_request_id: string | null };

/**
 * An agent says that its work is done. A polecat's bead goes into review behind a new merge request; a refinery's merge
 * request is watched at its PR, or was merged directly where it names none. The agent is free afterwards. Refused where
 * the agent has nothing on its hook, so that a repeat makes no second merge request.
 */
export function agentDone(town: Town, args: MethodArgs<"agentDone">): Result<Done> {
	const found = needAgent(town, args.agent_id);
	if (!found.ok) return found;
	const agent = found.value;
	const hook = moveHook(hookState(agent), "done");
	if (!hook.ok) return failMove(hook, agent.bead_id);
	const bead = findBead(town, agent.current_hook_bead_id ?? "");
	if (!bead)
		return fail("no-such-bead", "The bead on the agent's hook is gone.", { id: agent.current_hook_bead_id });
	takeOff(town, agent, "done", { reason: "done", agentMove: "done" });
	if (bead.type === "merge_request") return reviewerDone(town, agent, bead, args);
	if (labelsOf(bead).some((label) => UNREVIEWED.includes(label))) {
		const finished = endBead(town, bead, "finish", { by: agent.bead_id });
		return finished.ok ? ok({ merge_request_id: null }) : finished;
	}
	const submitted = applyMove(town, bead, "submit", { by: agent.bead_id });
	return submitted.ok ? ok({ merge_request_id: submitForReview(town, agent, bead, args) }) : submitted;
}

function submitForReview(town: Town, agent: Agent, source: Bead, args: MethodArgs<"agentDone">): string {
	const id = town.uuid();
	const branch = redact(args.branch);
	insertBead(town, {
		id,
		type: "merge_request",
		title: `Merge: ${source.title}`,
		body: args.summary ? redact(args.summary) : null,
		rig_id: source.rig_id,
		parent_bead_id: null,
		assignee_agent_bead_id: null,
		priority: source.priority as MethodArgs<"createBead">["priority"],
		labels: ["gt:merge-request"],
		metadata: { source_bead_id: source.bead_id, source_agent_id: agent.bead_id, branch },
		created_by: agent.bead_id,
	});
	const main = (source.rig_id === null ? null : findRig(town, source.rig_id))?.default_branch ?? "main";
	insertRow(town.sql, reviewMetadata, {
		bead_id: id,
		branch,
		target_branch: targetOf(town, source, main),
		pr_url: args.pr_url && redact(args.pr_url),
	});
	insertRow(town.sql, beadDependencies, {
		bead_id: id,
		depends_on_bead_id: source.bead_id,
		dependency_type: "tracks",
	});
	recordBeadEvent(town, {
		bead_id: source.bead_id,
		event_type: "review_submitted",
		by: agent.bead_id,
		new_value: id,
		metadata: { branch },
	});
	return id;
}

function reviewerDone(town: Town, agent: Agent, mr: Bead, args: MethodArgs<"agentDone">): Result<Done> {
	const done = { merge_request_id: mr.bead_id };
	if (args.pr_url === null) {
		const merged = completeReview(town, {
			entry_id: mr.bead_id,
			status: "merged",
			message: args.summary,
			commit_sha: null,
		});
		return merged.ok ? ok(done) : merged;
	}
	const opened = mayMoveReview(town, mr.bead_id, "open_pr");
	if (!opened.ok) return opened;
	const pr_url = redact(args.pr_url);
	updateRow(town.sql, reviewMetadata, [mr.bead_id], { pr_url });
	recordBeadEvent(town, {
		bead_id: mr.bead_id,
		event_type: "pr_created",
		by: agent.bead_id,
		new_value: pr_url,
	});
	const waiting = applyMove(town, mr, "submit", { by: agent.bead_id });
	return waiting.ok ? ok(done) : waiting;
}

/**
 * Ends a review. `merged` closes the merge request and its source, the source only from `in_review` (domain.md §2.2);
 * `failed` and `conflict` fail the merge request and give the source back to the queue without an assignee.
 */
export function completeReview(town: Town, args: MethodArgs<"completeReview">): Result<null> {
	const merged = args.status === "merged";
	const moved = mayMoveReview(
		town,
		args.entry_id,
		merged ? "merge" : args.status === "conflict" ? "conflict" : "fail",
	);
	if (!moved.ok) return moved;
	const { bead: mr, review } = moved.value;
	const message = redact(args.message);
	const ended = merged
		? endBead(town, mr, "merge")
		: endBead(town, mr, "fail", {
				reason: {
					code: args.status === "conflict" ? "merge_conflict" : "review_failed",
					message,
					source: "refinery",
				},
			});
	if (!ended.ok) return ended;
	updateRow(town.sql, reviewMetadata, [mr.bead_id], {
		merge_commit: merged ? args.commit_sha : review.merge_commit,
		retry_count: merged ? review.retry_count : review.retry_count + 1,
	});
	recordBeadEvent(town, {
		bead_id: mr.bead_id,
		event_type: "review_completed",
		by: mr.assignee_agent_bead_id,
		new_value: args.status,
		metadata: { message, commit_sha: args.commit_sha },
	});
	const landed = noteLanding(town, mr, { merged, message });
	if (!landed.ok) return landed;
	for (const source of sourcesOf(mr.bead_id, lookupOf(town.sql))) {
		if (source.status !== "in_review") continue;
		const moved = applyMove(town, source, merged ? "merge" : "reject");
		if (!moved.ok) return moved;
		if (merged) continue;
		assignBead(town, moved.value, null);
		const given = giveBack(town, moved.value, {
			conflict: args.status === "conflict",
			message,
			branch: review.branch,
		});
		if (!given.ok) return given;
	}
	return ok(null);
}

/** Conflicts in a row that one piece of work may meet before a person has to look; one where its author is not to resolve them. */
const CONFLICTS = 3;

/** What stood in the way goes with the work, so that the next attempt can mend it on the same branch. */
export function giveBack(
	town: Town,
	source: Bead,
	{ conflict, message, branch }: { conflict: boolean; message: string; branch: string },
): Result<unknown> {
	const conflicts = conflict ? Number(source.metadata.conflicts ?? 0) + 1 : 0;
	const metadata = {
		...source.metadata,
		branch,
		conflicts,
		...(conflict ? { conflict: message.slice(0, 500) } : { rework: message.slice(0, 500) }),
	};
	updateRow(town.sql, beads, [source.bead_id], {
		...{ metadata, dispatch_attempts: 0, last_dispatch_attempt_at: null, last_dispatch_error: null },
	});
	const rig = source.rig_id === null ? null : findRig(town, source.rig_id);
	const { auto_resolve_merge_conflicts } = limitsOf(townValue(town, "config"), rig?.config);
	if (conflicts < (auto_resolve_merge_conflicts ? CONFLICTS : 1)) return ok(null);
	const times = conflicts === 1 ? "" : ` ${conflicts} times`;
	const failed = endBead(town, findBead(town, source.bead_id) as Bead, "fail", {
		reason: {
			code: "merge_conflict",
			message: `It conflicted${times}: ${message}`,
			source: "refinery",
		},
	});
	if (!failed.ok) return failed;
	return routeEscalation(town, {
		...{ agent_id: null, bead_id: source.bead_id, severity: "high", category: "merge_conflict" },
		message: `"${source.title}" conflicted${times}: ${message}`,
	});
}

/** A convoy has landed with the merge of its landing; one that failed is tried again after its back-off. */
export function noteLanding(
	town: Town,
	mr: Bead,
	{ merged, message }: { merged: boolean; message: string },
): Result<unknown> {
	const convoy = mr.metadata.landing_for;
	if (typeof convoy !== "string" || !getRow(town.sql, convoyMetadata, convoy)) return ok(null);
	const moved = mayMove(town, convoy, merged ? "landing_merged" : "landing_failed", true);
	if (!moved.ok) return moved;
	updateRow(
		town.sql,
		convoyMetadata,
		[convoy],
		merged ? { landed_at: isoNow(town), last_landing_error: null } : { last_landing_error: message },
	);
	return ok(null);
}

/** The rows of a review that this may happen to now, by its table; else what it is and why not (TOWN-1). */
export function mayMoveReview(
	town: Town,
	id: string,
	event: ReviewMove,
): Result<{ bead: Bead; review: ReviewMetadata }> {
	const found = needBead(town, id);
	if (!found.ok) return found;
	const bead = found.value;
	const review = getRow(town.sql, reviewMetadata, id);
	if (bead.type !== "merge_request" || !review)
		return fail("not-a-merge-request", `Bead "${id}" is no merge request.`, { id });
	const moved = moveReview(reviewState(bead, review), event);
	return moved.ok ? ok({ bead, review }) : failMove(moved, id);
}

/** A refinery sends work back: the merge request ends, its source is open again with what is asked for (domain.md §2.7). */
export function requestChanges(town: Town, args: MethodArgs<"requestChanges">): Result<null> {
	const found = needBead(town, args.entry_id);
	if (!found.ok) return found;
	recordBeadEvent(town, {
		...{ bead_id: args.entry_id, event_type: "rework_requested", by: args.agent_id },
		metadata: { message: redact(args.message) },
	});
	return completeReview(town, {
		entry_id: args.entry_id,
		status: "failed",
		message: args.message,
		commit_sha: null,
	});
}
