import {
	beads, headOf, isTerminal, type Rig, reviewMetadata, rigs,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { Lookup } from "../../../shared/interventions/index.ts";
import { hasSession, sourcesOf } from "../../../shared/interventions/reading.ts";
import {
	freeAuthor,
	keptPull,
	sourcesBack,
	waitingOf,
} from "../../../shared/interventions/review-reading.ts";
import { addDependency, applyMove, assignBead, endBead, insertBead, needBead, reopenBead } from "../beads.ts";
import { agentsHookedTo, hookBead } from "../hooks.ts";
import { recordBeadEvent } from "../journal.ts";
import { giveBack, mayMoveReview, noteLanding } from "../reviews.ts";
import { findRig } from "../rigs.ts";
import { updateRow } from "../rows.ts";
import { ok, type Result, type Town } from "../town.ts";
import { type Applying, forgetProcess, freeAgent } from "./apply-agent.ts";

type End = { source: "reopen" | "fail" };

/** Nobody reviews it now: its reviewers are taken off, and it is open, or watched where its pull request stays. */
function toQueue(applying: Applying, keepsPull: boolean): Result<unknown> {
	const { town, target, by } = applying;
	for (const agent of agentsHookedTo(town, target)) freeAgent(applying, agent, "admin_review");
	const found = needBead(town, target);
	if (!found.ok) return found;
	const bead = found.value;
	if (isTerminal(bead.status))
		return keepsPull ? applyMove(town, bead, "resubmit", { by }) : reopenBead(town, bead, by);
	if (bead.status === "open" || keepsPull) return ok(null);
	return applyMove(town, bead, "release", { by, patch: { assignee_agent_bead_id: null } });
}

/** Work that had been given back is in review again; what stood in its way is not asked of anybody any more. */
function sourcesToReview(town: Town, look: Lookup, target: string, by: string): Result<unknown> {
	for (const source of sourcesBack(target, look)) {
		const { conflict: _, conflicts: __, rework: ___, ...metadata } = source.metadata;
		const back = applyMove(town, source, "resubmit", {
			by,
			patch: { assignee_agent_bead_id: null, metadata },
		});
		if (!back.ok) return back;
		const event = { bead_id: source.bead_id, event_type: "review_submitted", by, new_value: target } as const;
		recordBeadEvent(town, event);
	}
	return ok(null);
}

function applyRetry(applying: Applying, { at }: { at: "head" | "end" }): Result<unknown> {
	const { town, look, target, id, by } = applying;
	const moved = mayMoveReview(town, target, "retry");
	if (!moved.ok) return moved;
	const { review, bead } = moved.value;
	const pull = keptPull(review);
	const queue = waitingOf(bead.rig_id ?? "", look).flatMap(({ bead_id }) => look.review(bead_id) ?? []);
	const queued = toQueue(applying, pull !== null);
	if (!queued.ok) return queued;
	updateRow(town.sql, beads, [target], {
		...{
			dispatch_attempts: 0,
			last_dispatch_attempt_at: null,
			last_dispatch_error: null,
			dispatch_order: id,
		},
		assignee_agent_bead_id: null,
	});
	updateRow(town.sql, reviewMetadata, [target], {
		...{ poll_failures: 0, poll_error_kind: null, poll_error: null, pr_url: pull },
		...(pull === null && { pr_state: null, mergeable_state: null, change: null }),
		queue_at: at === "head" ? headOf(queue) : town.now(),
	});
	return sourcesToReview(town, look, target, by);
}

/** The rework has the intervention's id, so that its effect can be seen (LEDGER-8). */
function applyRework(applying: Applying, { message }: { message: string }): Result<unknown> {
	const { town, look, target, id, by } = applying;
	const moved = mayMoveReview(town, target, "ask_rework");
	if (!moved.ok) return moved;
	const { bead: mr, review } = moved.value;
	const author = freeAuthor(mr, look);
	const [source] = sourcesOf(target, look);
	const convoy_id = source?.metadata.convoy_id;
	const queued = toQueue(applying, keptPull(review) !== null);
	if (!queued.ok) return queued;
	insertBead(town, {
		...{ id, type: "issue", title: `Rework: ${source?.title ?? mr.title}`, body: message, rig_id: mr.rig_id },
		...{ parent_bead_id: null, assignee_agent_bead_id: null, priority: mr.priority as "medium" },
		...{ labels: ["gt:rework"], created_by: by },
		metadata: {
			rework_of: target,
			branch: review.branch,
			...(typeof convoy_id === "string" && { convoy_id }),
		},
	});
	const blocked = addDependency(town, { bead_id: target, depends_on_bead_id: id, dependency_type: "blocks" });
	if (!blocked.ok) return blocked;
	updateRow(town.sql, beads, [target], { dispatch_attempts: 0, last_dispatch_attempt_at: null });
	updateRow(town.sql, reviewMetadata, [target], { retry_count: review.retry_count + 1 });
	recordBeadEvent(town, {
		bead_id: target,
		event_type: "rework_requested",
		by,
		new_value: id,
		metadata: { message },
	});
	const back = sourcesToReview(town, look, target, by);
	if (!back.ok || author === null || town.isHeld("agent", author)) return back;
	return hookBead(town, { agent_id: author, bead_id: id });
}

/** Ends a review without a merge; its work is given back on its branch, or ends with it. */
function endReview(applying: Applying, target: string, { source }: End): Result<unknown> {
	const { town, look, by, reason } = applying;
	const moved = mayMoveReview(town, target, "fail");
	if (!moved.ok) return moved;
	const { bead, review } = moved.value;
	const without = agentsHookedTo(town, target).filter((agent) => !hasSession(agent, look));
	const why = { code: "admin_closed_review", message: reason, source: "admin" };
	const ended = endBead(town, bead, "fail", { by, reason: why });
	if (!ended.ok) return ended;
	for (const agent of without) forgetProcess(town, agent);
	const landed = noteLanding(town, bead, { merged: false, message: reason });
	if (!landed.ok) return landed;
	for (const work of sourcesOf(target, look)) {
		if (work.status !== "in_review") continue;
		const done =
			source === "fail"
				? endBead(town, work, "fail", { by, reason: why })
				: applyMove(town, work, "reject", { by });
		if (!done.ok) return done;
		if (source === "fail") continue;
		const open = assignBead(town, done.value, null);
		const given = giveBack(town, open, { conflict: false, message: reason, branch: review.branch });
		if (!given.ok) return given;
	}
	return ok(null);
}

function applyClearQueue(applying: Applying, end: End): Result<unknown> {
	for (const { bead_id } of waitingOf(applying.target, applying.look)) {
		const ended = endReview(applying, bead_id, end);
		if (!ended.ok) return ended;
	}
	return ok(null);
}

/** What it would be reviewed for is merged as it is: nobody reviews it while the forge is asked. */
function applyMerge(applying: Applying): Result<unknown> {
	const { look, target } = applying;
	const pull = look.review(target)?.pr_url ?? null;
	return agentsHookedTo(applying.town, target).length > 0 ? toQueue(applying, pull !== null) : ok(null);
}

function applyStrategy(
	{ town, target }: Applying,
	{ strategy }: { strategy: string | null },
): Result<unknown> {
	const { merge_strategy: _, ...others } = (findRig(town, target) as Rig).config;
	const config = strategy === null ? others : { ...findRig(town, target)?.config, merge_strategy: strategy };
	updateRow(town.sql, rigs, [target], { config });
	return ok(null);
}

export const APPLY_REVIEW = {
	"review.retry": applyRetry,
	"review.request-rework": applyRework,
	"review.close": (applying: Applying, end: End) => endReview(applying, applying.target, end),
	// All that these do is at the forge, and in what it says.
	"review.poll": () => ok(null),
	"review.link-pr": () => ok(null),
	"review.merge": applyMerge,
	"review.clear-queue": applyClearQueue,
	"review.set-strategy": applyStrategy,
};
