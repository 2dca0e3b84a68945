import { useMemo } from "react";
import { foldLedger, type LedgerStory } from "../../shared/ledger/fold.ts";
import type { FoundStory } from "../../shared/ledger/search.ts";
import { StoryLine } from "./story-line.tsx";

/** A story and whose ledger it stands in. */
export type PlacedStory = { key: string; story: LedgerStory; town: string; name: string };

/** What a search found, folded, in its order. */
export function placed(found: readonly FoundStory[]): PlacedStory[] {
	return found.flatMap(({ town, town_name, entries }) =>
		foldLedger(entries).map((story) => ({
			...{ key: `${town} ${story.id}`, story, town, name: town_name ?? town },
		})),
	);
}

export const usePlaced = (found: readonly FoundStory[]): PlacedStory[] =>
	useMemo(() => placed(found), [found]);

type Props = {
	stories: readonly PlacedStory[];
	/** Id of the story that stands open. */
	open: string | undefined;
	onOpen(id: string | undefined): void;
};

/** Interventions of any town, each with its town. */
export function FoundLines({ stories, open, onOpen }: Props) {
	return (
		<ul>
			{stories.map(({ key, story, town, name }) => (
				<StoryLine
					key={key}
					story={story}
					town={{ id: town, name }}
					open={open === story.id}
					onToggle={() => onOpen(open === story.id ? undefined : story.id)}
				/>
			))}
		</ul>
	);
}
