import { z } from "zod";
import { limitsOf } from "../gastown/index.ts";
import type { CatalogueEntry, Lookup } from "./catalogue-entry.ts";
import { agentsFreed, beadIs, rowIs, stopsOnBead } from "./effects.ts";
import { count, noop, OK, refused, titleOfBead } from "./reading.ts";
import { inReview, SOURCES } from "./review.ts";
import { waitingOf } from "./review-reading.ts";

const nameOfRig = (id: string, look: Lookup): string => look.rig(id)?.name ?? id;
const gone = refused("gone", "This rig does not exist any more.");

const clear = z.object({ source: z.enum(SOURCES).default("reopen") });

const reviewClearQueue: CatalogueEntry<z.infer<typeof clear>> = {
	name: "review.clear-queue",
	target: "rig",
	params: clear,
	title: "Clear the review queue of",
	label: (id, _, look) => `Clear the review queue of ${nameOfRig(id, look)}`,
	saw: (id, _, look) => ({ waiting: waitingOf(id, look).map(({ bead_id }) => bead_id) }),
	precondition(id, _, look) {
		if (!look.rig(id)) return gone;
		return waitingOf(id, look).length === 0 ? noop("empty", "No merge request waits in this queue.") : OK;
	},
	danger: () => "destructive",
	preview(id, { source }, look) {
		const waiting = waitingOf(id, look);
		const work = waiting.flatMap(({ bead_id }) => inReview(bead_id, look)).length;
		const all = count(work, "bead");
		return {
			will: [
				`Put ${count(waiting.length, "waiting merge request")} to Failed: ${waiting.map(({ bead_id }) => titleOfBead(bead_id, look)).join(", ")}.`,
				source === "fail"
					? `Put the work of ${all} to Failed.`
					: `Put ${all} back to Open, to be done again, which spends money.`,
			],
			wont: ["End the review under way, or what waits for a pull request."],
		};
	},
	effects: (id, { source }, look) =>
		waitingOf(id, look).flatMap(({ bead_id }) => [
			beadIs(bead_id, "failed", "Failed", look),
			...agentsFreed(bead_id, look),
			...inReview(bead_id, look).map((of) =>
				source === "fail"
					? beadIs(of.bead_id, "failed", "Failed", look)
					: beadIs(of.bead_id, "open", "Open", look),
			),
		]),
	outside: (id, _, look) => waitingOf(id, look).flatMap(({ bead_id }) => stopsOnBead(bead_id, look)),
	undo: () => null,
	next: null,
	within: 30_000,
};

/** Null: as the town says. */
const strategy = z.object({ strategy: z.enum(["direct", "pr"]).nullable() });

/** What the rig itself says; null where the town decides. */
function ownStrategy(id: string, look: Lookup): "direct" | "pr" | null {
	const own = (look.rig(id)?.config as Record<string, unknown> | undefined)?.merge_strategy;
	return own === "direct" || own === "pr" ? own : null;
}
const effective = (own: "direct" | "pr" | null, look: Lookup): string =>
	limitsOf(look.town("config"), own === null ? {} : { merge_strategy: own }).merge_strategy;
const WORDS: Record<string, string> = {
	direct: "merged by the refinery itself",
	pr: "merged by pull request",
};

const reviewSetStrategy: CatalogueEntry<z.infer<typeof strategy>> = {
	name: "review.set-strategy",
	target: "rig",
	params: strategy,
	title: "Set the merge strategy of",
	draft: { strategy: "pr" },
	label: (id, params, look) =>
		`Merge in ${nameOfRig(id, look)} ${params.strategy === null ? "as the town says" : params.strategy === "pr" ? "by pull request" : "directly"}`,
	saw: (id, _, look) => ({ merge_strategy: ownStrategy(id, look) }),
	precondition(id, params, look) {
		if (!look.rig(id)) return gone;
		return ownStrategy(id, look) === params.strategy
			? noop("same", "This is its merge strategy already.")
			: OK;
	},
	danger: () => "safe",
	preview: (id, params, look) => ({
		will: [
			`From the next review on, work of ${nameOfRig(id, look)} is ${WORDS[effective(params.strategy, look)]}.`,
		],
		wont: ["Change reviews under way, or pull requests that are open."],
	}),
	effects: (id, params, look) => [
		rowIs(`${nameOfRig(id, look)} merges ${params.strategy ?? "as the town says"}`, "rigs", id, {
			config: { merge_strategy: params.strategy },
		}),
	],
	outside: () => [],
	undo(id, _, look) {
		const before = ownStrategy(id, look);
		// A value that nobody knows cannot be set again.
		const known = before !== null || look.rig(id)?.config.merge_strategy === undefined;
		return known ? { name: "review.set-strategy", params: { strategy: before } } : null;
	},
	next: null,
	within: 10_000,
};

export const RIG = [reviewSetStrategy, reviewClearQueue];
