import {
	type Agent, type Bead, beadDependencies, hookState, moveHook, reviewMetadata,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { sourcesOf } from "../../shared/interventions/reading.ts";
import { redact } from "../../shared/redaction/index.ts";
import { labelsOf } from "../../shared/town-view/index.ts";
import { needAgent } from "./agents.ts";
import { applyMove, assignBead, endBead, findBead, insertBead, needBead } from "./beads.ts";
import { takeOff } from "./hooks.ts";
import { lookupOf } from "./interventions/lookup.ts";
import { recordBeadEvent } from "./journal.ts";
import { getRow, insertRow, updateRow } from "./rows.ts";
import { fail, failMove, ok, type Result, type Town } from "./town.ts";

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
	const rig = town.sql.one<{ default_branch: string }>(
		"SELECT default_branch FROM rigs WHERE id = ?",
		source.rig_id,
	);
	insertRow(town.sql, reviewMetadata, {
		bead_id: id,
		branch,
		target_branch: rig?.default_branch ?? "main",
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
	const found = needBead(town, args.entry_id);
	if (!found.ok) return found;
	const mr = found.value;
	const review = getRow(town.sql, reviewMetadata, mr.bead_id);
	if (mr.type !== "merge_request" || !review)
		return fail("not-a-merge-request", `Bead "${mr.bead_id}" is no merge request.`, { id: mr.bead_id });
	const message = redact(args.message);
	const merged = args.status === "merged";
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
	for (const source of sourcesOf(mr.bead_id, lookupOf(town.sql))) {
		if (source.status !== "in_review") continue;
		const moved = applyMove(town, source, merged ? "merge" : "reject");
		if (!moved.ok) return moved;
		if (!merged) assignBead(town, moved.value, null);
	}
	return ok(null);
}
