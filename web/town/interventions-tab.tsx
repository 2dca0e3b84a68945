import { useMemo } from "react";
import { ledgerColumns } from "../../shared/ledger/csv.ts";
import { foldLedger, type LedgerStory, ledgerLines } from "../../shared/ledger/fold.ts";
import { TownExport } from "../export/town-export.tsx";
import { chainLook } from "../ledger/chain.ts";
import { CheckLedger } from "../ledger/check-ledger.tsx";
import { InForceList } from "../ledger/in-force-list.tsx";
import { StoryLine } from "../ledger/story-line.tsx";
import { storyLook, storyTitle } from "../ledger/story-words.ts";
import { UndoStory } from "../ledger/undo-story.tsx";
import { VisitsLine } from "../ledger/visits-line.tsx";
import type { TownSearch } from "../routes/address.ts";
import { plural, Status } from "../ui/index.ts";
import { type Filterable, type Grammar, matches, parseFilter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { EmptyRows } from "./none.tsx";
import { OlderRows } from "./older-rows.tsx";
import { useOpenTown } from "./open-town.ts";
import { useFilterKey } from "./use-filter-key.ts";
import { useLedger } from "./use-ledger.ts";

const GRAMMAR: Grammar = { fields: ["action", "admin", "outcome"], numbers: ["n"] };

/** Who did what? The ledger of this town, newest first; the chain's state on top. `sel` holds the stories that are open. */
export function InterventionsTab({ search }: { search: TownSearch }) {
	const { id, name, go } = useOpenTown();
	const input = useFilterKey();
	const ledger = useLedger();
	const filter = search.q ?? "";
	const stories = useMemo(() => foldLedger(ledger.rows), [ledger.rows]);
	const terms = useMemo(() => parseFilter(filter, GRAMMAR), [filter]);
	const shown = stories.filter((story) => matches(terms, filterable(story)));
	const columns = useMemo(() => ledgerColumns({ town: id, town_name: name }), [id, name]);
	const setFilter = (q: string) => go({ q: q || undefined });
	const picks = useMemo(
		() => [
			{ field: "action", label: "Action", values: [...new Set(stories.map(actionOf))] },
			{
				field: "admin",
				label: "Admin",
				values: [...new Set(stories.map(({ admin }) => admin?.name ?? "none"))],
			},
		],
		[stories],
	);
	const tell = (story: LedgerStory) => (
		<StoryLine
			key={story.id}
			story={story}
			open={search.sel === story.id}
			onToggle={() => go({ sel: search.sel === story.id ? undefined : story.id }, true)}
			actions={<UndoStory story={story} />}
		/>
	);
	return (
		<>
			<FilterBar filter={filter} terms={terms} picks={picks} onFilter={setFilter} input={input}>
				<span className="text-tone-quiet" data-count>
					{countWords(shown)}
					{shown.length < stories.length ? `, of ${stories.length}` : ""}
				</span>
				<TownExport of="interventions" columns={columns} rows={shown} filter={filter} />
			</FilterBar>
			<div className="min-h-0 flex-1 overflow-y-auto">
				<InForceList />
				<Chain ledger={ledger} />
				<CheckLedger town={id} />
				<ul>
					{ledgerLines(shown).map((line) =>
						line.kind === "story" ? (
							tell(line.story)
						) : (
							<VisitsLine key={`visits ${line.stories.at(-1)?.id}`} stories={line.stories}>
								{line.stories.map(tell)}
							</VisitsLine>
						),
					)}
				</ul>
				{shown.length === 0 && stories.length > 0 ? (
					<EmptyRows
						total={stories.length}
						what="entries"
						filter={filter}
						onClear={() => setFilter("")}
						makes=""
					/>
				) : null}
				<div className="px-4">
					<OlderRows journal={ledger} what="entries" makes="Nobody has done anything here yet." />
				</div>
			</div>
		</>
	);
}

/** `1 action, 2 visits`: neighbouring visits stand in one line, so that lines alone would not tell. */
function countWords(stories: readonly LedgerStory[]): string {
	const actions = stories.filter(({ intent }) => intent !== null).length;
	return [
		plural(actions, "action"),
		...(stories.length > actions ? [plural(stories.length - actions, "visit")] : []),
	].join(", ");
}

function Chain({ ledger: { rows, more } }: { ledger: ReturnType<typeof useLedger> }) {
	const chain = chainLook(rows, more);
	return chain ? (
		<div className="px-4 py-2">
			<Status look={chain} />
		</div>
	) : null;
}

const actionOf = (story: LedgerStory) => story.intent?.name ?? story.steps[0]?.step ?? "unknown";

function filterable(story: LedgerStory): Filterable {
	return {
		fields: {
			action: [actionOf(story)],
			admin: [story.admin?.name ?? "none", story.admin?.email ?? ""],
			outcome: [story.state, storyLook(story).word],
		},
		numbers: { n: story.n },
		text: [storyTitle(story), story.admin?.name, story.intent?.reason, story.intent?.case, story.id].join(
			" ",
		),
	};
}
