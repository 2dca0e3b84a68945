import { timeOf } from "../../shared/town-view/index.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { useJournal } from "../town/use-journal.ts";
import { Duration, plural } from "../ui/index.ts";
import { TownAction } from "./town-action.tsx";
import { actionWords } from "./words.ts";

/** What waits to be done outside the database, oldest first, with its age and what its tries met. */
export function Inbox() {
	const { view } = useOpenTown();
	const events = useJournal("town_events", { processed_at: null });
	// One that was read may have been done since.
	const waiting = events.rows
		.map((row) => view.tables.town_events.get(row.event_id) ?? row)
		.filter(({ processed_at }) => processed_at === null);
	return (
		<>
			<ol className="flex flex-col" aria-label="Events that wait">
				{waiting.map((event) => {
					const at = timeOf(event.created_at);
					return (
						<li
							key={event.event_id}
							className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-kumo-hairline border-b py-0.5"
						>
							<span className="w-32">{actionWords(event.event_type)}</span>
							{event.agent_id ? <SubjectLink subject={{ kind: "agent", id: event.agent_id }} /> : null}
							<span className="text-tone-quiet">
								waits{" "}
								{at === null ? `since ${event.created_at}` : <Duration since={at} className="!min-w-0" />},{" "}
								{event.tries === 0 ? "not tried yet" : plural(event.tries, "try", "tries")}
							</span>
							<span className="min-w-0 flex-1 break-words">{event.last_error ?? ""}</span>
							<TownAction name="town.discard-event" params={{ event: event.event_id }} />
						</li>
					);
				})}
			</ol>
			{waiting.length === 0 && events.more === false ? (
				<p className="text-tone-quiet">Nothing waits to be done outside the database.</p>
			) : (
				<OlderRows journal={events} what="events" makes="Nothing waits to be done outside the database." />
			)}
		</>
	);
}
