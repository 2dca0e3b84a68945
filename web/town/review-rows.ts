import {
	type Bead,
	byQueue,
	isTerminal,
	limitsOf,
	type ReviewMetadata,
	type Rig,
	waitsForReview,
} from "../../shared/gastown/index.ts";
import { reviewsOf, sourcesOf } from "../../shared/interventions/reading.ts";
import { inQueue, landingFor } from "../../shared/interventions/review-reading.ts";
import {
	beadStatusSince,
	lookupOf,
	metadataOf,
	rowsOf,
	type TownView,
} from "../../shared/town-view/index.ts";
import type { Dollars } from "../ui/format/number.ts";
import { costOf } from "./bead-rows.ts";

/** One merge request as the queue shows it. */
export type ReviewRow = {
	bead: Bead;
	review: ReviewMetadata;
	/** 1, 2, 3… of those that wait; null for what is under review, watched at its pull request, or has failed. */
	place: number | null;
	/** Who has it on the hook. */
	reviewers: string[];
	/** Since when it is where it is, the town's clock. */
	since: number | null;
	sources: Bead[];
	/** The convoy that it lands. */
	landing: string | null;
	/** Dollars, an estimate; null where no usage was reported. */
	cost: Dollars;
};

export type RigQueue = {
	rig: Rig;
	strategy: "direct" | "pr";
	/** The rig has its own word on it; else the town decides. */
	own: boolean;
	/** Under review first, then those that wait, in their order, then those whose pull requests are watched. */
	rows: ReviewRow[];
	/** Failed ones whose work has no newer merge request and is not done: they can be taken up again. */
	failed: ReviewRow[];
};

/** The review queues of a town, rig by rig in the order of their names. */
export function reviewQueues(view: TownView): RigQueue[] {
	const config = lookupOf(view).town("config");
	const all = rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("merge_request"));
	return [...view.tables.rigs.values()]
		.sort((a, b) => a.name.localeCompare(b.name))
		.map((rig) => {
			const of = all.flatMap((bead) => (bead.rig_id === rig.id ? (reviewRow(view, bead) ?? []) : []));
			const waiting = of
				.filter(({ bead, review }) => waitsForReview(bead, review))
				.sort((a, b) => byQueue(inQueue(a.bead, a.review), inQueue(b.bead, b.review)))
				.map((row, n) => ({ ...row, place: n + 1 }));
			const reviewing = of.filter(({ bead }) => bead.status === "in_progress");
			const others = of.filter(
				({ bead, review }) =>
					!isTerminal(bead.status) && bead.status !== "in_progress" && !waitsForReview(bead, review),
			);
			return {
				...{ rig, strategy: limitsOf(config, rig.config).merge_strategy },
				own: (rig.config as Record<string, unknown> | null)?.merge_strategy !== undefined,
				rows: [...reviewing, ...waiting, ...others],
				failed: of.filter((row) => row.bead.status === "failed" && isOwed(view, row)),
			};
		});
}

/** A merge request with what hangs on it; null where its review row is missing. */
export function reviewRow(view: TownView, bead: Bead): ReviewRow | null {
	const review = view.tables.review_metadata.get(bead.bead_id);
	if (!review) return null;
	const look = lookupOf(view);
	return {
		...{ bead, review, place: null, landing: landingFor(bead) },
		reviewers: look.agentsHookedTo(bead.bead_id).map(({ bead_id }) => bead_id),
		since: beadStatusSince(view, bead).at,
		sources: sourcesOf(bead.bead_id, look),
		cost: costOf(view, view.indexes.usageByBead.get(bead.bead_id)),
	};
}

function isOwed(view: TownView, { bead, sources }: ReviewRow): boolean {
	const look = lookupOf(view);
	const newest = (id: string) =>
		look
			.dependentsOf(id)
			.flatMap(({ bead_id }) => look.bead(bead_id) ?? [])
			.filter(({ type }) => type === "merge_request")
			.every(({ bead_id, created_at }) => bead_id === bead.bead_id || created_at < bead.created_at);
	return sources.some(
		({ bead_id, status }) => status !== "closed" && newest(bead_id) && reviewsOf(bead_id, look).length === 0,
	);
}

/** The agent that last reviewed it, where its usage tells. */
export function lastReviewer(view: TownView, id: string): string | null {
	const rows = rowsOf<"usage">(view.tables.usage, view.indexes.usageByBead.get(id));
	return rows.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.agent_id ?? null;
}

/** What was asked of its author, or stood in its way, as its work keeps it. */
export const saidOf = ({ sources }: ReviewRow): string[] =>
	sources.flatMap((source) => {
		const { rework, conflict } = metadataOf(source);
		return [rework, conflict].filter((text): text is string => typeof text === "string");
	});
