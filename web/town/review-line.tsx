import { GitOperations } from "../bead/review.tsx";
import { Duration, money, plural, Status } from "../ui/index.ts";
import { reviewLook } from "../ui/status/review-look.ts";
import { Mark } from "./gutter.tsx";
import { useOpenTown } from "./open-town.ts";
import { Change, PullState } from "./review-facts.tsx";
import { lastReviewer, type ReviewRow, saidOf } from "./review-rows.ts";
import { SubjectLink } from "./subject-link.tsx";

type Props = {
	row: ReviewRow;
	/** Those that stand behind it in the same queue. */
	behind: readonly ReviewRow[];
	/** The head of a queue stands open. */
	whole: boolean;
	selected: boolean;
	onSelect(key: string, on: boolean): void;
};

/** One merge request of a queue; its name opens its inspector, where its actions are. */
export function ReviewLine({ row, behind, whole, selected, onSelect }: Props) {
	const { bead, review, place, reviewers, since, cost } = row;
	return (
		<li
			data-review={bead.bead_id}
			className="grid items-start grid-cols-[48px_132px_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-b border-kumo-hairline py-1.5 max-md:grid-cols-[48px_minmax(0,1fr)]"
		>
			<span className="flex items-center justify-end gap-1 text-tone-quiet">
				<input
					type="checkbox"
					aria-label={`Select ${bead.title}`}
					checked={selected}
					onChange={(event) => onSelect(bead.bead_id, event.target.checked)}
					className="mr-auto"
				/>
				<Mark kind="bead" id={bead.bead_id} />
				{place ?? ""}
			</span>
			<Status look={reviewLook(bead, review)} />
			<div className="flex min-w-0 flex-col gap-0.5 max-md:col-start-2">
				<span className="flex min-w-0 flex-wrap items-center gap-x-3">
					<SubjectLink subject={{ kind: "bead", id: bead.bead_id }} sign={false} />
					{reviewers.map((id) => (
						<span key={id} className="flex gap-1">
							<span className="text-tone-quiet">by</span>
							<SubjectLink subject={{ kind: "agent", id }} />
						</span>
					))}
					{since === null ? null : (
						<span className="text-tone-quiet">
							for <Duration since={since} className="!min-w-0" />
						</span>
					)}
				</span>
				<span className="flex flex-wrap gap-x-3 text-tone-quiet">
					<span className="min-w-0 break-all font-mono text-xs leading-5">
						{review.branch} → {review.target_branch}
					</span>
					{review.retry_count > 0 ? <span>{plural(review.retry_count, "retry", "retries")}</span> : null}
					{bead.dispatch_attempts > 0 ? <span>{plural(bead.dispatch_attempts, "start")}</span> : null}
					<span>{typeof cost === "number" ? `${money(cost)} estimate` : `cost ${cost ?? "not seen"}`}</span>
				</span>
				{whole ? <Whole row={row} behind={behind} /> : review.pr_url ? <PullState review={review} /> : null}
			</div>
		</li>
	);
}

/** What is known of the head of a queue, beside the line itself. */
function Whole({ row, behind }: { row: ReviewRow; behind: readonly ReviewRow[] }) {
	const { view } = useOpenTown();
	const { bead, review, reviewers, landing } = row;
	const reviewer = reviewers[0] ?? lastReviewer(view, bead.bead_id);
	const said = saidOf(row);
	return (
		<dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1 pt-1 max-md:grid-cols-1">
			<dt className="text-tone-quiet">Work</dt>
			<dd className="flex flex-col items-start gap-1">
				{row.sources.map((source) => (
					<SubjectLink key={source.bead_id} subject={{ kind: "bead", id: source.bead_id }} />
				))}
				{landing === null ? null : (
					<span className="flex gap-1">
						the whole of <SubjectLink subject={{ kind: "bead", id: landing }} />
					</span>
				)}
				{row.sources.length === 0 && landing === null ? <span>none that exists</span> : null}
			</dd>
			<dt className="text-tone-quiet">Reasoning</dt>
			<dd>
				{reviewer === null ? (
					<span className="text-tone-quiet">Nobody has reviewed it yet.</span>
				) : (
					<span className="flex flex-wrap gap-x-1">
						the conversation and tool calls of <SubjectLink subject={{ kind: "agent", id: reviewer }} />
					</span>
				)}
				{said.map((text) => (
					<p key={text} className="break-words">
						{text}
					</p>
				))}
			</dd>
			<dt className="text-tone-quiet">Pull request</dt>
			<dd className="flex flex-col items-start">
				<PullState review={review} />
			</dd>
			<dt className="text-tone-quiet">Change</dt>
			<dd className="min-w-0">
				<Change change={review.change} />
			</dd>
			<dt className="text-tone-quiet">Git</dt>
			<dd className="min-w-0">
				<GitOperations where={{ bead_id: bead.bead_id }} />
				{row.sources.map((source) => (
					<div key={source.bead_id} className="pt-1">
						<span className="text-tone-quiet">before its review, of {source.title}:</span>
						<GitOperations where={{ bead_id: source.bead_id }} />
					</div>
				))}
			</dd>
			<dt className="text-tone-quiet">Behind it</dt>
			<dd>
				{behind.length === 0
					? "nothing waits"
					: `${plural(behind.length, "merge request")}: ${behind.map((one) => one.bead.title).join(", ")}`}
			</dd>
		</dl>
	);
}
