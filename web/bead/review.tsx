import { useState } from "react";
import type { GitOperation } from "../../shared/gastown/index.ts";
import { rowsOf, timeOf, trackersOf } from "../../shared/town-view/index.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Change, PullState } from "../town/review-facts.tsx";
import { lastReviewer } from "../town/review-rows.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useJournal } from "../town/use-journal.ts";
import { duration, gitLook, plural, Status, Terminal, Time } from "../ui/index.ts";

/** Merge requests of a bead with branch and PR, and its git operations with their real error text. */
export function Review({ id }: { id: string }) {
	const { view } = useOpenTown();
	const requests = trackersOf(view, id).filter((bead) => bead.type === "merge_request");
	const all = [id, ...requests.map((bead) => bead.bead_id)];
	const reviews = rowsOf<"review_metadata">(view.tables.review_metadata, all);
	return (
		<>
			{reviews.length === 0 ? <p className="text-tone-quiet">no review yet</p> : null}
			{reviews.map((review) => (
				<div key={review.bead_id} className="flex flex-col items-start gap-y-0.5 pb-1">
					{review.bead_id === id ? null : <SubjectLink subject={{ kind: "bead", id: review.bead_id }} />}
					<span className="min-w-0 break-all font-mono text-xs leading-5">
						{review.branch} → {review.target_branch}
						{review.merge_commit ? `, merged as ${review.merge_commit.slice(0, 8)}` : ""}
					</span>
					{review.retry_count > 0 ? <span>{plural(review.retry_count, "retry", "retries")}</span> : null}
					<PullState review={review} />
					{review.bead_id === id ? <Change change={review.change} /> : null}
				</div>
			))}
			<Reviewer id={id} />
			<GitOperations where={{ bead_id: id }} />
		</>
	);
}

/** Whose conversation and tool calls tell why a merge request was judged as it was. */
function Reviewer({ id }: { id: string }) {
	const { view } = useOpenTown();
	const reviewer = view.tables.review_metadata.has(id) ? lastReviewer(view, id) : null;
	if (reviewer === null) return null;
	return (
		<p className="flex flex-wrap gap-x-1 pb-1">
			<span className="text-tone-quiet">Reasoning: the conversation of</span>
			<SubjectLink subject={{ kind: "agent", id: reviewer }} sign={false} />
		</p>
	);
}

/** Git operations, newest first: the command, and what git said of it where it failed. */
export function GitOperations({ where }: { where: Record<string, string> }) {
	const journal = useJournal("git_operations", where);
	return (
		<>
			<ol>
				{journal.rows.toReversed().map((operation) => (
					<GitLine key={operation.id} operation={operation} />
				))}
			</ol>
			<OlderRows
				journal={journal}
				what="git operations"
				makes="Nothing was cloned, fetched, pushed or merged."
			/>
		</>
	);
}

function GitLine({ operation }: { operation: GitOperation }) {
	const { outcome, command, stderr, exit_code: code } = operation;
	const at = timeOf(operation.at);
	const [open, setOpen] = useState(outcome !== "ok");
	return (
		<li>
			<button
				type="button"
				aria-expanded={open}
				onClick={() => setOpen(!open)}
				className="grid min-h-6 w-full grid-cols-[64px_48px_auto_auto_minmax(0,1fr)] items-center gap-x-3 rounded-sm text-left hover:bg-kumo-tint max-md:min-h-11"
			>
				<span className="text-tone-quiet">{at === null ? operation.at : <Time at={at} />}</span>
				<span>{operation.operation}</span>
				<Status look={gitLook(outcome)} />
				<span className="text-tone-quiet">{duration(operation.duration_ms)}</span>
				<span className="truncate font-mono text-tone-quiet text-xs" title={command}>
					{open ? "" : command}
				</span>
			</button>
			{open ? (
				<div className="py-1 pl-[76px]">
					<Terminal
						head={
							<span className="min-w-0 break-all py-1 font-mono text-kumo-default">
								{command}
								{code === null ? "" : ` (exit ${code})`}
							</span>
						}
						text={stderr || "It said nothing."}
					/>
				</div>
			) : null}
		</li>
	);
}
