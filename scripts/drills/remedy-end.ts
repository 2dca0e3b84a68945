import { goneWell } from "../../shared/interventions/index.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";

/** How the steps of a remedy ended, as the page and the session judge them (LEDGER-9). */
export type RemedyEnd = {
	/** It is over: every step has gone well, or one has not, and those after it are not begun. */
	over: boolean;
	/** The steps that have not gone well. */
	unseen: string[];
	/** The last step that changed something: on it stands whether the finding cleared. */
	acted: LedgerStory | null;
};

export function remedyEnd(stories: readonly LedgerStory[], ids: readonly string[]): RemedyEnd {
	const steps = ids.map((id) => {
		const story = stories.find((one) => one.id === id);
		return { id, story, well: goneWell(story?.steps ?? []) };
	});
	return {
		over: steps.every(({ well }) => well === true) || steps.some(({ well }) => well === false),
		unseen: steps.filter(({ well }) => well !== true).map(({ id }) => id),
		acted: steps.findLast(({ story }) => story?.outcome?.outcome === "applied")?.story ?? null,
	};
}
