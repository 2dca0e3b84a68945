import { z } from "zod";
import { isTerminal, readGitUrl, readPullUrl } from "../gastown/index.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { agentsFreed, beadIs, rowIs, stopsOnBead } from "./effects.ts";
import { clockTime, count, endsSession, hookedIds, noop, OK, refused, sessionsOn, titleOfBead } from "./reading.ts"; // biome-ignore format: a list
import { inReview } from "./review.ts";
import { foreignForge, mayMoveReview, needReview } from "./review-reading.ts";

const none = z.object({});
type None = z.infer<typeof none>;

const reviewPoll: CatalogueEntry<None> = {
	name: "review.poll",
	target: "bead",
	params: none,
	title: "Ask the forge about",
	label: (id, _, look) => `Ask the forge about ${titleOfBead(id, look)}`,
	saw: (id, _, look) => ({ status: look.bead(id)?.status ?? null, pr_url: look.review(id)?.pr_url ?? null }),
	precondition(id, _, look) {
		const found = needReview(id, look);
		if (!found.ok) return found;
		return isTerminal(found.bead.status)
			? refused("ended", "It has ended: nothing waits for the forge's word any more.")
			: (foreignForge(look) ?? OK);
	},
	danger: () => "safe",
	preview(id, _, look) {
		const pull = look.review(id)?.pr_url;
		return {
			will: [
				`Ask what ${pull ? "its pull request" : "its branch"} would change, and how its checks are.`,
				...(pull ? ["Close it and its work if the pull request has been merged."] : []),
			],
			wont: ["Merge anything."],
		};
	},
	effects: (id, _, look) => [
		{
			...rowIs("the forge was asked", "review_metadata", id, {}, true),
			isnt: { last_poll_at: look.review(id)?.last_poll_at ?? null },
		},
	],
	outside: (id) => [{ kind: "poll-pr", review: id }],
	undo: () => null,
	next: null,
	within: 30_000,
};

const link = z.object({ url: z.string().trim().min(1, "Give the URL of the pull request.").max(1_000) });
type Link = z.infer<typeof link>;

const reviewLink: CatalogueEntry<Link> = {
	name: "review.link-pr",
	target: "bead",
	params: link,
	title: "Link a pull request to",
	draft: { url: "" },
	label: (id, _, look) => `Link a pull request to ${titleOfBead(id, look)}`,
	saw: (id, _, look) => ({ status: look.bead(id)?.status ?? null, pr_url: look.review(id)?.pr_url ?? null }),
	precondition: mayLink,
	danger: () => "safe",
	preview: (id, { url }, look) => ({
		will: [
			"Ask the forge whether that pull request exists and is of this branch; only then store its URL.",
			url === ""
				? "Watch it from then on."
				: `Watch it from then on${look.review(id)?.pr_url ? ` instead of ${look.review(id)?.pr_url}` : ""}: ${url}.`,
		],
		wont: ["Change anything at the forge."],
	}),
	effects: (id, { url }) => [
		rowIs("its pull request is linked", "review_metadata", id, { pr_url: url }, true),
	],
	outside: (id, { url }) => [{ kind: "link-pr", review: id, url }],
	undo(id, _, look) {
		const url = look.review(id)?.pr_url ?? null;
		return url === null ? null : { name: "review.link-pr", params: { url } };
	},
	next: "review.poll",
	within: 30_000,
};

function mayLink(id: string, { url }: Link, look: Lookup): Verdict {
	const found = needReview(id, look);
	if (!found.ok) return found;
	const moved = mayMoveReview(found, "link");
	if (!moved.ok) return moved;
	if (found.review.pr_url === url) return noop("same", "This is its pull request already.");
	const foreign = foreignForge(look);
	if (foreign) return foreign;
	// Nothing chosen yet: the field says what is missing.
	if (url === "") return OK;
	const place = readPullUrl(url);
	const rig = readGitUrl(look.rig(found.bead.rig_id ?? "")?.git_url ?? "");
	if (!place) return refused("no-pull-url", "This is no URL of a pull request.");
	const same =
		rig && ["host", "owner", "name"].every((part) => place[part as "host"] === rig[part as "host"]);
	return same
		? OK
		: refused(
				"other-repository",
				`It belongs to ${place.host}/${place.owner}/${place.name}, not to this rig's repository.`,
			);
}

const reviewMerge: CatalogueEntry<None> = {
	name: "review.merge",
	target: "bead",
	params: none,
	title: "Merge without review",
	label: (id, _, look) => `Merge ${titleOfBead(id, look)} now`,
	saw: (id, _, look) => ({
		status: look.bead(id)?.status ?? null,
		hooked_by: hookedIds(id, look),
		pr_url: look.review(id)?.pr_url ?? null,
		head: look.review(id)?.change?.head ?? null,
	}),
	precondition: mayMerge,
	danger: () => "destructive",
	preview(id, _, look) {
		const review = look.review(id);
		const change = review?.change;
		if (!review || !change) return { will: [], wont: [] };
		const added = change.files.reduce((sum, { additions }) => sum + additions, 0);
		const deleted = change.files.reduce((sum, { deletions }) => sum + deletions, 0);
		const lines = change.files.length < change.total ? "" : `, +${added} −${deleted}`;
		return {
			will: [
				...sessionsOn(id, look).map((agent) => endsSession(agent, look)),
				`Merge ${review.branch} at ${change.head.slice(0, 8)} into ${review.target_branch} at the forge, without a review: ${count(change.ahead, "commit")}, ${count(change.total, "file")}${lines}, as asked${clockTime(change.at)}.`,
				checksOf(change.checks),
				...(change.behind > 0
					? [`It is ${count(change.behind, "commit")} behind ${review.target_branch}.`]
					: []),
				...inReview(id, look).map(({ bead_id }) => `Close ${titleOfBead(bead_id, look)} as done.`),
			],
			wont: ["Be put back: that needs a commit that reverts it.", "Run the tests after the merge."],
		};
	},
	effects: (id, _, look) => [
		...agentsFreed(id, look),
		{ ...beadIs(id, "closed", "Closed, merged", look), outside: true },
		...inReview(id, look).map(({ bead_id }) => ({
			...beadIs(bead_id, "closed", "Closed", look),
			outside: true,
		})),
	],
	outside: (id, _, look) => [
		...stopsOnBead(id, look),
		{ kind: "merge-pr", review: id, head: look.review(id)?.change?.head ?? "" },
	],
	undo: () => null,
	next: null,
	within: 90_000,
};

function mayMerge(id: string, _: None, look: Lookup): Verdict {
	const found = needReview(id, look);
	if (!found.ok) return found;
	const moved = mayMoveReview(found, "merge");
	if (!moved.ok) return moved;
	const foreign = foreignForge(look);
	if (foreign) return foreign;
	const { change, mergeable_state } = found.review;
	if (!change) return refused("not-asked", "What it would merge is not known yet. Ask the forge first.");
	if (change.ahead === 0) return refused("nothing", "Its branch holds nothing that its target has not.");
	return mergeable_state === "dirty"
		? refused("would-conflict", "The forge says that it conflicts with its target.")
		: OK;
}

function checksOf(checks: { total: number; pending: number; failed: string[] } | null): string {
	if (checks === null) return "Its checks could not be read.";
	if (checks.total === 0) return "No check has run on it.";
	const passed = checks.total - checks.pending - checks.failed.length;
	const failed = checks.failed.length > 0 ? `, failed: ${checks.failed.join(", ")}` : "";
	return `${passed} of ${count(checks.total, "check")} passed${failed}${checks.pending > 0 ? `, ${checks.pending} still run` : ""}.`;
}

export const REVIEW_FORGE = [reviewPoll, reviewLink, reviewMerge];
