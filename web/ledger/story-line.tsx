import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { SecondsOf } from "../town/armed-line.tsx";
import { count, Id, Status, Time } from "../ui/index.ts";
import { StoryDetail } from "./story-detail.tsx";
import { storyLook, storyReason, storyTitle } from "./story-words.ts";

type Props = {
	story: LedgerStory;
	open: boolean;
	onToggle(): void;
	/** Whose ledger it stands in, where that is not the town on the page. */
	town?: { id: string; name: string };
	/** What can be done about it here. */
	actions?: ReactNode;
};

/** One intervention as a line: number, when, who, what, how it ended; a press opens the whole of it in place. */
export function StoryLine({ story, open, onToggle, town, actions }: Props) {
	const Caret = open ? CaretDownIcon : CaretRightIcon;
	const reason = storyReason(story);
	return (
		<li
			className={`@container border-b border-kumo-hairline ${open ? "bg-kumo-tint" : ""}`}
			data-story={story.id}
		>
			<button
				type="button"
				aria-expanded={open}
				onClick={onToggle}
				// In a panel: what was done and how it ended on the first line, who and when below.
				className={`grid min-h-7 w-full grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-x-3 px-4 text-left hover:bg-kumo-tint max-md:min-h-11 ${
					town
						? "@min-[800px]:grid-cols-[16px_48px_112px_minmax(0,280px)_minmax(0,1fr)_minmax(0,264px)]"
						: "@min-[800px]:grid-cols-[16px_48px_112px_minmax(0,140px)_minmax(0,1fr)_minmax(0,264px)]"
				}`}
			>
				<Caret size={12} weight="bold" aria-hidden />
				<span className="font-mono text-tone-quiet text-xs @max-[800px]:hidden">#{count(story.n)}</span>
				<span className="text-tone-quiet @max-[800px]:order-2 @max-[800px]:col-start-3 @max-[800px]:text-right">
					<Time at={story.at} dated />
				</span>
				<span className="truncate text-tone-human @max-[800px]:order-1 @max-[800px]:col-start-2">
					{story.admin?.name ?? "the session"}
					{town ? <span className="text-kumo-default"> in {town.name}</span> : null}
				</span>
				<span className="truncate @max-[800px]:col-start-2">{storyTitle(story)}</span>
				<Status look={storyLook(story)} />
			</button>
			{reason ? <p className="px-4 pb-1 pl-[52px] text-tone-quiet max-md:pl-10">{reason}</p> : null}
			{story.state === "armed" ? <SecondsOf story={story} /> : null}
			{open ? (
				<div className="px-4 pb-3 pl-[52px] max-md:pl-4">
					<StoryDetail story={story} />
					<p className="flex flex-wrap items-center gap-3 pt-2 text-tone-quiet">
						{actions}
						<Id id={story.id} label="intervention id" />
						{town ? (
							<Link
								to="/towns/$id/$tab"
								params={{ id: town.id, tab: "interventions" }}
								search={{ sel: story.id }}
								className="text-tone-active hover:underline"
							>
								Open in {town.name}
							</Link>
						) : null}
					</p>
				</div>
			) : null}
		</li>
	);
}
