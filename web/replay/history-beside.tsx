import { useEffect, useRef } from "react";
import type { BeadEvent } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { beadEventWords, failureOf } from "../town/changes/bead-event-words.ts";
import { OlderRows } from "../town/older-rows.tsx";
import type { Journal } from "../town/use-journal.ts";
import { useNames } from "../town/use-names.ts";
import { clockTime } from "../ui/index.ts";
import { firstAfter } from "./moments.ts";

type Props = {
	journal: Journal<"bead_events">;
	/** Oldest first. */
	events: readonly BeadEvent[];
	at: number | null;
	onJump(at: number): void;
};

/** The bead's history beside its conversation: a mark stands where the replay is, a press on a row leads there. */
export function HistoryBeside({ journal, events, at, onJump }: Props) {
	const nameOf = useNames();
	const here = at === null ? -1 : placeIn(events, at);
	const list = useRef<HTMLOListElement>(null);
	useEffect(() => {
		const row = list.current?.children[Math.max(0, here)] as HTMLElement | undefined;
		const frame = list.current?.parentElement;
		// Only within its own frame: the page stays where it is.
		if (row && frame) frame.scrollTop = row.offsetTop - frame.clientHeight / 2;
	}, [here]);
	return (
		<div className="relative min-h-0 flex-1 overflow-y-auto py-1" data-history-at={here}>
			<div className="px-4">
				{journal.more || journal.failed || journal.loading || events.length === 0 ? (
					<OlderRows journal={journal} what="history" makes="Gastown has written nothing of this bead." />
				) : null}
			</div>
			<ol ref={list} aria-label="History of the bead">
				{events.map((event, n) => {
					const when = timeOf(event.created_at);
					const failure = failureOf(event);
					return (
						<li key={event.bead_event_id}>
							<button
								type="button"
								disabled={when === null}
								aria-current={n === here ? "step" : undefined}
								onClick={() => when !== null && onJump(when)}
								className={`flex min-h-7 w-full items-baseline gap-2 px-4 py-0.5 text-left hover:bg-kumo-tint max-md:min-h-11 ${
									n === here ? "bg-tone-active-tint" : n > here ? "text-tone-quiet" : ""
								}`}
							>
								<span aria-hidden className="w-3 shrink-0">
									{n === here ? "▸" : ""}
								</span>
								<span className="w-16 shrink-0 text-tone-quiet" title={event.created_at}>
									{when === null ? event.created_at : clockTime(when)}
								</span>
								<span className="min-w-0 flex-1 break-words">
									{beadEventWords(event, nameOf)}
									{failure ? <span className="text-tone-bad"> {failure}</span> : null}
								</span>
							</button>
						</li>
					);
				})}
			</ol>
		</div>
	);
}

/** The last event that had happened by then; -1 before the first. */
const placeIn = (events: readonly BeadEvent[], at: number): number =>
	firstAfter(
		events.map((event) => timeOf(event.created_at) ?? 0),
		at,
	) - 1;
