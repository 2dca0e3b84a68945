import type { ForgeChange, ReviewMetadata } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { unifiedLines } from "../ui/blocks/diff-lines.ts";
import { Ago, Diff, look, plural, Status, Time } from "../ui/index.ts";

/** A link out of the console; only http(s), since the URL comes from the town. */
export function Outside({ href }: { href: string }) {
	if (!/^https?:\/\//.test(href)) return <span className="break-all">{href}</span>;
	return (
		<a href={href} target="_blank" rel="noreferrer" className="break-all text-tone-active hover:underline">
			{href.replace(/^https?:\/\//, "")}
		</a>
	);
}

/** The pull request as the forge last told it, and what the last poll met. */
export function PullState({ review }: { review: ReviewMetadata }) {
	const polled = timeOf(review.last_poll_at);
	return (
		<>
			{review.pr_url ? (
				<span className="flex flex-wrap items-center gap-x-3">
					<Outside href={review.pr_url} />
					<Status look={pullLook(review)} />
				</span>
			) : (
				<span className="text-tone-quiet">no pull request</span>
			)}
			<span className="text-tone-quiet">
				{polled === null ? (
					"The forge was never asked."
				) : (
					<>
						asked <Ago at={polled} />
					</>
				)}
			</span>
			{review.poll_failures > 0 ? (
				<p className="break-words text-tone-bad">
					{plural(review.poll_failures, "poll")} failed in a row, the last with{" "}
					{review.poll_error_kind ?? "no kind"}:{" "}
					<span className="font-mono text-xs">{review.poll_error ?? "no words"}</span>
				</p>
			) : null}
		</>
	);
}

function pullLook({ pr_state, mergeable_state }: ReviewMetadata) {
	if (pr_state === "merged") return look("done", "Merged at the forge", "good");
	if (pr_state === "closed") return look("gone", "Closed at the forge", "quiet");
	if (mergeable_state === "dirty") return look("warning", "Conflicts with its target", "warn");
	if (pr_state === "open")
		return look("review", `Open at the forge${mergeable_state ? `, ${mergeable_state}` : ""}`, "active");
	return look("unknown", pr_state ?? "Its state was not seen", "warn");
}

/** What it would bring to its target, as the forge last said, with its checks and the head of its diff. */
export function Change({ change }: { change: ForgeChange | null }) {
	if (!change)
		return (
			<p className="text-tone-quiet">What it changes has not been asked of the forge yet: "Ask the forge".</p>
		);
	const at = timeOf(change.at);
	return (
		<div className="flex flex-col gap-1">
			<p>
				{plural(change.ahead, "commit")}, {plural(change.total, "file")}, head{" "}
				<span className="font-mono text-xs">{change.head.slice(0, 8)}</span>
				{change.behind > 0 ? `, ${plural(change.behind, "commit")} behind its target` : ""}
				{at === null ? null : (
					<span className="text-tone-quiet">
						{" "}
						at <Time at={at} />
					</span>
				)}
			</p>
			<Status look={checksLook(change.checks)} />
			{change.patch === "" ? null : (
				<Diff path={change.files.map(({ path }) => path).join(", ")} lines={unifiedLines(change.patch)} />
			)}
		</div>
	);
}

function checksLook(checks: ForgeChange["checks"]) {
	if (checks === null) return look("unknown", "Checks could not be read", "warn");
	if (checks.total === 0) return look("open", "No check has run", "quiet");
	if (checks.failed.length > 0) return look("failed", `Failed: ${checks.failed.join(", ")}`, "bad");
	return checks.pending > 0
		? look("changing", `${checks.pending} of ${checks.total} checks run`, "active")
		: look("done", `${plural(checks.total, "check")} passed`, "good");
}
