import { useMemo, useState } from "react";
import { foldLedger, storiesAbout } from "../../shared/ledger/fold.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useLedger } from "../town/use-ledger.ts";
import { StoryLine } from "./story-line.tsx";
import { UndoStory } from "./undo-story.tsx";

/** Interventions on one bead or agent, newest first, out of what is loaded of the ledger. */
export function InterventionsOn({ id }: { id: string }) {
	const ledger = useLedger();
	const [open, setOpen] = useState<string | null>(null);
	const stories = useMemo(() => storiesAbout(foldLedger(ledger.rows), id), [ledger.rows, id]);
	return (
		<>
			<ul className="-mx-4">
				{stories.map((story) => (
					<StoryLine
						key={story.id}
						story={story}
						open={open === story.id}
						onToggle={() => setOpen(open === story.id ? null : story.id)}
						actions={<UndoStory story={story} />}
					/>
				))}
			</ul>
			{stories.length === 0 && ledger.more === false ? <p className="text-tone-quiet">none</p> : null}
			{stories.length === 0 && ledger.more === true ? (
				<p className="text-tone-quiet">none among the newest {ledger.rows.length} entries</p>
			) : null}
			{ledger.more === false && ledger.failed === null ? null : (
				<OlderRows journal={ledger} what="entries" makes="Nobody has done anything here yet." />
			)}
		</>
	);
}
