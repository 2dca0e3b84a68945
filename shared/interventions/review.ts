import { z } from "zod";
import { isTerminal } from "../gastown/index.ts";
import { message } from "./agent-session.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { agentsFreed, beadIs, rowIs, stopsOnBead } from "./effects.ts";
import {
	convoysWaitingOn, count, endsSession, hookedIds, nameOfAgent, noop, OK, refused, sessionsOn, sourcesOf, startHold, statusWord,
	titleOfBead,
} from "./reading.ts"; // biome-ignore format: a list
import {
	conflicts, freeAuthor, keptPull, landingFor, mayMoveReview, needReview, sourcesBack, sourcesHold, waitingOf,
} from "./review-reading.ts"; // biome-ignore format: a list

const retry = z.object({
	at: z.enum(["head", "end"]).default("head"),
	/** Somebody has mended by hand what it conflicted with: nothing in the town can know that. */
	mended: z.boolean().default(false),
});
type Retry = z.infer<typeof retry>;

const saw = (id: string, _: unknown, look: Lookup) => ({
	status: look.bead(id)?.status ?? null,
	hooked_by: hookedIds(id, look),
	pr_url: look.review(id)?.pr_url ?? null,
	sources: sourcesOf(id, look).map(({ status }) => status),
});

/** What ends the review that is under way. */
const endsReview = (id: string, look: Lookup): string[] => [
	...sessionsOn(id, look).map((agent) => endsSession(agent, look)),
	...hookedIds(id, look).map((agent) => `Take ${nameOfAgent(agent, look)} off it.`),
];

/** Where it comes to stand, and what was at work on its source before. */
const backToReview = (id: string, look: Lookup): string[] =>
	sourcesBack(id, look).map(
		(source) =>
			`Put ${titleOfBead(source.bead_id, look)} from ${statusWord(source.status)} back to In review.`,
	);
const sourcesInReview = (id: string, look: Lookup) =>
	sourcesBack(id, look).map((source) => beadIs(source.bead_id, "in_review", "In review", look));

const reviewRetry: CatalogueEntry<Retry> = {
	name: "review.retry",
	target: "bead",
	params: retry,
	title: "Retry the review of",
	label: (id, { at }, look) =>
		`Review ${titleOfBead(id, look)} ${at === "head" ? "again, first" : "again, last"}`,
	saw,
	precondition: mayRetry,
	danger: () => "disruptive",
	preview(id, { at }, look) {
		const bead = look.bead(id);
		const review = look.review(id);
		if (!bead || !review) return { will: [], wont: [] };
		const kept = keptPull(review);
		const forgets = review.pr_url !== null && kept === null;
		return {
			will: [
				...endsReview(id, look),
				kept === null
					? `Put it to the ${at} of the queue of its rig: ${behind(id, at, look)}.`
					: "Watch its pull request again.",
				...(forgets ? [`Forget its pull request ${review.pr_url}, which cannot be asked after.`] : []),
				`Clear its ${count(bead.dispatch_attempts, "attempt")} and ${count(review.poll_failures, "failed poll")}.`,
				...backToReview(id, look),
				"Have the refinery review it, and the container start if it does not run, which spends money.",
			],
			wont: ["Mend what made it fail: that cause may be met again."],
		};
	},
	effects(id, { at }, look) {
		const queued = rowIs(`${titleOfBead(id, look)} is unfinished again`, "beads", id, { closed_at: null });
		return [queued, ...sourcesInReview(id, look), ...agentsFreed(id, look), ...begins(id, at, look)];
	},
	outside: (id, _, look) => stopsOnBead(id, look),
	undo: () => null,
	next: "review.close",
	within: 120_000,
};

const others = (id: string, look: Lookup) =>
	waitingOf(look.bead(id)?.rig_id ?? "", look).filter(({ bead_id }) => bead_id !== id);

function behind(id: string, at: Retry["at"], look: Lookup): string {
	const waiting = others(id, look).length;
	if (waiting === 0) return "nothing else waits";
	return at === "head"
		? `${count(waiting, "merge request")} ${waiting === 1 ? "waits" : "wait"} behind it`
		: `behind those of its priority among ${count(waiting, "merge request")} that ${waiting === 1 ? "waits" : "wait"}`;
}

/** Its review is to be seen to begin where nothing stands before it: no hold, nobody's turn, no other review under way. */
function begins(id: string, at: Retry["at"], look: Lookup) {
	const review = look.review(id);
	const rig = look.bead(id)?.rig_id ?? "";
	const refineries = look
		.agentsOfRig(rig)
		.filter(({ role, status }) => role === "refinery" && status !== "dead");
	// One is made where there is none.
	const busy =
		refineries.length > 0 &&
		!refineries.some((one) => one.status === "idle" && one.current_hook_bead_id === null);
	const first = at === "head" || others(id, look).length === 0;
	const held = startHold(look) !== null || (look.town("dispatch_pause") ?? null) !== null;
	if (!review || keptPull(review) !== null || busy || held || !first) return [];
	return [rowIs("its review has begun", "beads", id, { status: "in_progress", dispatch_attempts: 1 }, true)];
}

function mayRetry(id: string, { at, mended }: Retry, look: Lookup): Verdict {
	const found = needReview(id, look);
	if (!found.ok) return found;
	const { bead, review } = found;
	const moved = mayMoveReview(found, "retry");
	if (!moved.ok) return moved;
	const convoy = landingFor(bead);
	if (convoy !== null && isTerminal(bead.status))
		return refused("landing", `It lands ${titleOfBead(convoy, look)}: retry the landing of that convoy.`);
	const kept = keptPull(review);
	if (kept !== null && bead.status !== "failed")
		return refused("watched", "Its pull request is there and can be asked after. Poll or merge that.");
	if (kept !== null && review.pr_state === "closed")
		return refused("pr-closed", "Its pull request is closed at the forge. Reopen it there, or link another.");
	if (conflicts(found) && !mended)
		return refused(
			"would-conflict",
			"It would conflict again: nothing here has changed since. Ask its author for changes, or say that its branch was mended by hand.",
		);
	const source = sourcesHold(id, look);
	if (source) return source;
	const queue = waitingOf(bead.rig_id ?? "", look).map(({ bead_id }) => bead_id);
	const there = queue.at(at === "head" ? 0 : -1) === id;
	return there && bead.dispatch_attempts === 0 && hookedIds(id, look).length === 0
		? noop("there", `It waits at the ${at} of its queue already, and has no attempts to clear.`)
		: OK;
}

const reviewRework: CatalogueEntry<z.infer<typeof message>> = {
	name: "review.request-rework",
	target: "bead",
	params: message,
	title: "Ask for changes to",
	draft: { message: "" },
	label: (id, _, look) => `Ask for changes to ${titleOfBead(id, look)}`,
	saw,
	precondition(id, _, look) {
		const found = needReview(id, look);
		if (!found.ok) return found;
		const moved = mayMoveReview(found, "ask_rework");
		if (!moved.ok) return moved;
		return sourcesOf(id, look).length === 0
			? refused("no-source", "It has no work of its own whose author could be asked.")
			: (sourcesHold(id, look) ?? OK);
	},
	danger: () => "disruptive",
	preview(id, _, look) {
		const bead = look.bead(id);
		const author = bead ? freeAuthor(bead, look) : null;
		return {
			will: [
				...endsReview(id, look),
				...(bead && isTerminal(bead.status)
					? [`Put it from ${statusWord(bead.status)} back into the queue.`]
					: []),
				...backToReview(id, look),
				`Make a rework bead on its branch for ${author ? nameOfAgent(author, look) : "the next free polecat: its author is not free"}, which spends money.`,
				"Let the merge request wait for it, and be reviewed after that.",
			],
			wont: ["Close its pull request, if it has one."],
		};
	},
	effects: (id, _, look, order) => [
		rowIs("the rework bead is there", "beads", order, { type: "issue" }),
		rowIs("the merge request waits for it", "bead_dependencies", JSON.stringify([id, order]), {
			dependency_type: "blocks",
		}),
		...sourcesInReview(id, look),
		...agentsFreed(id, look),
	],
	outside: (id, _, look) => stopsOnBead(id, look),
	undo: () => null,
	next: "review.close",
	within: 30_000,
};

export const SOURCES = ["reopen", "fail"] as const;
const close = z.object({ source: z.enum(SOURCES).default("reopen") });

const reviewClose: CatalogueEntry<z.infer<typeof close>> = {
	name: "review.close",
	target: "bead",
	params: close,
	title: "End without merging",
	label: (id, _, look) => `End ${titleOfBead(id, look)} without merging`,
	saw,
	precondition(id, _, look) {
		const found = needReview(id, look);
		return found.ok ? mayMoveReview(found, "fail") : found;
	},
	danger: () => "disruptive",
	preview: (id, { source }, look) => ({
		will: [
			...sessionsOn(id, look).map((agent) => endsSession(agent, look)),
			`Put it from ${statusWord(look.bead(id)?.status ?? "")} to Failed; nothing of it is merged.`,
			...inReview(id, look).flatMap((bead) => endsSource(bead.bead_id, source, look)),
		],
		wont: look.review(id)?.pr_url ? ["Close its pull request at the forge."] : [],
	}),
	effects: (id, { source }, look) => [
		beadIs(id, "failed", "Failed", look),
		...agentsFreed(id, look),
		...inReview(id, look).map(({ bead_id }) =>
			source === "fail" ? beadIs(bead_id, "failed", "Failed", look) : beadIs(bead_id, "open", "Open", look),
		),
	],
	outside: (id, _, look) => stopsOnBead(id, look),
	undo: () => null,
	next: "review.retry",
	within: 30_000,
};

export const inReview = (id: string, look: Lookup) =>
	sourcesOf(id, look).filter(({ status }) => status === "in_review");

/** What becomes of the work of a review that ends without a merge. */
function endsSource(id: string, source: (typeof SOURCES)[number], look: Lookup): string[] {
	const title = titleOfBead(id, look);
	if (source === "reopen")
		return [
			`Put ${title} back to Open: it is done again on its branch, with your reason, which spends money.`,
		];
	return [
		`Put ${title} to Failed.`,
		...convoysWaitingOn(id, look).map(
			({ bead_id }) =>
				`Keep convoy ${titleOfBead(bead_id, look)} from landing until it is reopened or dropped.`,
		),
	];
}

export const REVIEW = [reviewRetry, reviewRework, reviewClose];
