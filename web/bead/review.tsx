import { rowsOf, timeOf, trackersOf } from "../../shared/town-view/index.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useJournal } from "../town/use-journal.ts";
import { duration, gitLook, Status, Time } from "../ui/index.ts";

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
				<div key={review.bead_id} className="flex flex-wrap gap-x-3">
					{review.bead_id === id ? null : <SubjectLink subject={{ kind: "bead", id: review.bead_id }} />}
					<span className="min-w-0 break-all font-mono text-xs leading-5">
						{review.branch} → {review.target_branch}
					</span>
					{review.pr_url ? (
						<Outside href={review.pr_url} />
					) : (
						<span className="text-tone-quiet">no pull request</span>
					)}
					{review.merge_commit ? (
						<span className="font-mono text-xs leading-5">merged as {review.merge_commit.slice(0, 8)}</span>
					) : null}
					{review.retry_count > 0 ? <span>{review.retry_count} retries</span> : null}
				</div>
			))}
			<GitOperations where={{ bead_id: id }} />
		</>
	);
}

/** A link out of the console; only http(s), since the URL comes from the town. */
function Outside({ href }: { href: string }) {
	if (!/^https?:\/\//.test(href)) return <span className="break-all">{href}</span>;
	return (
		<a href={href} target="_blank" rel="noreferrer" className="break-all text-tone-active hover:underline">
			{href.replace(/^https?:\/\//, "")}
		</a>
	);
}

/** Git operations, newest first. */
export function GitOperations({ where }: { where: Record<string, string> }) {
	const journal = useJournal("git_operations", where);
	return (
		<>
			<ol>
				{journal.rows.toReversed().map((operation) => {
					const at = timeOf(operation.at);
					return (
						<li key={operation.id}>
							<span className="flex flex-wrap items-center gap-x-3">
								<span className="w-16 text-tone-quiet">{at === null ? operation.at : <Time at={at} />}</span>
								<span className="w-12">{operation.operation}</span>
								<Status look={gitLook(operation.outcome)} />
								<span className="text-tone-quiet">{duration(operation.duration_ms)}</span>
							</span>
							{operation.outcome === "ok" || !operation.stderr ? null : (
								<p className="whitespace-pre-wrap break-words pl-[76px] font-mono text-tone-bad text-xs leading-[18px]">
									{operation.stderr}
								</p>
							)}
						</li>
					);
				})}
			</ol>
			<OlderRows
				journal={journal}
				what="git operations"
				makes="Nothing was cloned, fetched, pushed or merged."
			/>
		</>
	);
}
