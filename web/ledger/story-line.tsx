import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { count, Id, Status, Time } from "../ui/index.ts";
import type { LedgerStory } from "./fold.ts";
import { StoryDetail } from "./story-detail.tsx";
import { storyLook, storyReason, storyTitle } from "./story-words.ts";

type Props = { story: LedgerStory; open: boolean; onToggle(): void };

/** One intervention as a line: number, when, who, what, how it ended; a press opens the whole of it in place. */
export function StoryLine({ story, open, onToggle }: Props) {
	const Caret = open ? CaretDownIcon : CaretRightIcon;
	const reason = storyReason(story);
	return (
		<li className={`border-b border-kumo-hairline ${open ? "bg-kumo-tint" : ""}`} data-story={story.id}>
			<button
				type="button"
				aria-expanded={open}
				onClick={onToggle}
				className="grid min-h-7 w-full grid-cols-[16px_48px_112px_minmax(0,140px)_minmax(0,1fr)_minmax(0,264px)] items-center gap-3 px-4 text-left hover:bg-kumo-tint max-md:min-h-11 max-md:grid-cols-[16px_minmax(0,1fr)_auto]"
			>
				<Caret size={12} weight="bold" aria-hidden />
				<span className="font-mono text-tone-quiet text-xs max-md:hidden">#{count(story.n)}</span>
				<span className="text-tone-quiet max-md:hidden">
					<Time at={story.at} dated />
				</span>
				<span className="truncate text-tone-human">{story.admin?.name ?? "the session"}</span>
				<span className="truncate max-md:col-start-2">{storyTitle(story)}</span>
				<Status look={storyLook(story)} />
			</button>
			{reason ? <p className="px-4 pb-1 pl-[52px] text-tone-quiet max-md:pl-10">{reason}</p> : null}
			{open ? (
				<div className="px-4 pb-3 pl-[52px] max-md:pl-4">
					<StoryDetail story={story} />
					<p className="flex gap-3 pt-2 text-tone-quiet">
						<Id id={story.id} label="intervention id" />
					</p>
				</div>
			) : null}
		</li>
	);
}
