import { isTerminal, readGitUrl, reviewMetadata } from "../../../shared/gastown/index.ts";
import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import type { LiveOps } from "../../live-ops/live-ops.ts";
import { findBead } from "../beads.ts";
import { askChange, askForge, askPull, type ForgeHost, reviewAt, type Unanswered } from "../forge.ts";
import { recordBeadEvent } from "../journal.ts";
import { askAfter, takePolled } from "../polled.ts";
import { completeReview, mayMoveReview } from "../reviews.ts";
import { findRig } from "../rigs.ts";
import { updateRow } from "../rows.ts";
import { callTown } from "../run.ts";
import { isoNow, ok, type Result, type Town } from "../town.ts";
import type { OutsideAnswer } from "./carry-out.ts";

type Host = ForgeHost & { live: LiveOps; changed(): void };
export type ForgeEffect = Extract<OutsideEffect, { review: string }>;
export type ForgeHand = (effect: ForgeEffect, key: string) => Promise<OutsideAnswer>;
type Ordered<K extends ForgeEffect["kind"]> = Extract<ForgeEffect, { kind: K }>;
/** Changes the rows as one batch whose cause is the intervention. */
type Run = (part: (town: Town) => Result<unknown>) => Result<unknown>;
type Found = NonNullable<ReturnType<typeof reviewAt>>;

const refused = (message: string): OutsideAnswer => ({ is: "refused", message });
/** Where asking again may go well it is asked again. */
function unanswered(answer: Unanswered): OutsideAnswer {
	if (!answer.lasting) throw new Error(answer.message);
	return refused(answer.message);
}

/** Does at the forge what an admin ordered of a merge request. */
export const atTheForge =
	(host: Host): ForgeHand =>
	async (effect, key) => {
		const { town, live, changed } = host;
		const what = `review.${effect.kind}`;
		const run: Run = (part) => callTown(live, town, { kind: "intervention", what, id: key, by: null }, part);
		const found = reviewAt(town, effect.review);
		if (!found) return refused("This merge request does not exist any more.");
		try {
			if (effect.kind === "poll-pr") return await poll(host, effect, found, run);
			return await (effect.kind === "merge-pr"
				? merge(host, effect, found, run)
				: link(host, effect, found, run));
		} finally {
			changed();
		}
	};

/** Not asked again: what was not answered is seen in the row, like every poll that failed. */
async function poll(
	host: Host,
	{ review }: Ordered<"poll-pr">,
	{ rig, review: row }: Found,
	run: Run,
): Promise<OutsideAnswer> {
	const changed = await askChange(host, rig, row);
	const polled = row.pr_url === null ? null : await askAfter(host, rig, row);
	run((town) => {
		updateRow(town.sql, reviewMetadata, [review], {
			...(changed.ok && { change: changed.change }),
			last_poll_at: isoNow(town),
		});
		return ok(null);
	});
	if (polled) run((town) => takePolled(town, review, polled));
	if (polled && !polled.asked.ok) return refused(redact(polled.asked.message));
	return changed.ok ? { is: "done" } : refused(changed.message);
}

/** Merges the commit that the admin saw and no other; what is merged already is told as that. */
async function merge(host: Host, order: Ordered<"merge-pr">, found: Found, run: Run): Promise<OutsideAnswer> {
	const { review, head } = order;
	const { rig, review: row } = found;
	const bead = findBead(host.town, review);
	if (bead && isTerminal(bead.status))
		return bead.status === "closed" ? { is: "done" } : refused("It had ended by then; nothing was merged.");
	const pull = row.pr_url === null ? null : await askPull(host, rig, row.pr_url);
	if (pull && !pull.ok) return unanswered(pull);
	if (pull?.body.merged) return merged(host, review, pull.body.merge_commit_sha, run);
	const now = await askChange(host, rig, row);
	if (!now.ok) return unanswered(now);
	// Merged by an order whose answer was lost.
	if (pull === null && now.change.ahead === 0) return merged(host, review, null, run);
	if (now.change.head !== head)
		return refused(
			`Its head changed from ${head.slice(0, 8)} to ${now.change.head.slice(0, 8)} after you looked; nothing was merged.`,
		);
	const done = pull
		? await askPull<{ sha: string }>(host, rig, row.pr_url, {
				path: "/merge",
				method: "PUT",
				body: { sha: head },
			})
		: await mergeBranch(host, found, head);
	return done.ok ? merged(host, review, done.body?.sha ?? null, run) : unanswered(done);
}

async function mergeBranch(host: Host, { rig, review, title }: Found, head: string) {
	const place = readGitUrl(findRig(host.town, rig)?.git_url ?? "");
	if (!place)
		return {
			ok: false,
			kind: "no_repository",
			message: "This rig has no repository.",
			lasting: true,
		} as const;
	return askForge<{ sha: string } | null>(host, rig, place, {
		...{ path: "/merges", method: "POST" },
		body: { base: review.target_branch, head, commit_message: `Merge ${review.branch}: ${title}` },
	});
}

function merged(host: Host, review: string, commit_sha: string | null, run: Run): OutsideAnswer {
	const message = "Merged by an admin, without a review.";
	const ended = run((town) =>
		completeReview(town, { entry_id: review, status: "merged", message, commit_sha }),
	);
	// Somebody else was told of it first.
	return ended.ok || findBead(host.town, review)?.status === "closed"
		? { is: "done" }
		: refused(ended.message);
}

/** Stores a URL only when the forge knows that pull request and it is of this branch. */
async function link(
	host: Host,
	{ review, url }: Ordered<"link-pr">,
	{ rig, review: row }: Found,
	run: Run,
): Promise<OutsideAnswer> {
	const asked = await askPull(host, rig, url);
	if (!asked.ok) return unanswered(asked);
	const { state, merged, mergeable_state, head } = asked.body;
	if (head.ref !== row.branch)
		return refused(`That pull request is of branch ${head.ref}, not ${row.branch}; nothing was stored.`);
	if (state === "closed" && !merged) return refused("That pull request is closed; nothing was stored.");
	const linked = run((town) => {
		const moved = mayMoveReview(town, review, "link");
		if (!moved.ok) return moved;
		updateRow(town.sql, reviewMetadata, [review], {
			...{ pr_url: url, pr_state: merged ? "merged" : state, mergeable_state, last_poll_at: isoNow(town) },
			...{ poll_failures: 0, poll_error_kind: null, poll_error: null },
		});
		recordBeadEvent(town, { bead_id: review, event_type: "pr_created", by: "admin", new_value: url });
		return ok(null);
	});
	return linked.ok ? { is: "done" } : refused(linked.message);
}
