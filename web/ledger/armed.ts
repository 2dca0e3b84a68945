import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { storyTitle } from "./story-words.ts";

/** What waits for its seconds to end: one intervention, a remedy, or all of one selection. */
export type Armed = {
	/** What to cancel. */
	of: string;
	/** Ids of its interventions. */
	ids: string[];
	/** Who proposed it, by name. */
	who: string;
	admin: string | null;
	/** `Reset Toast`, `Reset Toast and 2 more`. */
	what: string;
	/** The session's clock, epoch milliseconds: of a selection, when the first is done. */
	due: number;
};

/** What is about to be done in this town, the next first. */
export function armedOf(stories: readonly LedgerStory[]): Armed[] {
	const open = stories.filter(({ state, intent }) => state === "armed" && intent?.due !== undefined);
	const groups = Map.groupBy(open, ({ id, intent }) => intent?.bulk ?? id);
	return [...groups]
		.flatMap(([of, group]) => {
			const first = group[0];
			if (!first) return [];
			return {
				...{ of, ids: group.map(({ id }) => id), who: first.admin?.name ?? "An admin" },
				...{ admin: first.admin?.id ?? null, what: whatOf(first, group.length) },
				due: Math.min(...group.map(({ intent }) => intent?.due ?? Number.POSITIVE_INFINITY)),
			};
		})
		.sort((a, b) => a.due - b.due);
}

function whatOf(first: LedgerStory, count: number): string {
	const steps = first.intent?.remedy?.steps.length ?? 1;
	if (count > 1) return `${storyTitle(first)} and ${count - 1} more`;
	return steps > 1 ? `${storyTitle(first)}, then ${steps - 1} more` : storyTitle(first);
}
