import type { Bead, BeadEvent } from "../../shared/gastown/index.ts";
import { agentName, timeOf } from "../../shared/town-view/index.ts";
import { LineToMoment } from "../past/to-moment.tsx";
import { beadEventWords, failureOf, namesItsAgent } from "../town/changes/bead-event-words.ts";
import { named } from "../town/changes/values.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { useJournal } from "../town/use-journal.ts";
import { useNames } from "../town/use-names.ts";
import { clockTime, type Look, look, Time, Timeline, unknownLook, useNow } from "../ui/index.ts";
import { inOrder, type Stretch, stretches } from "./history.ts";

/** Time in each state as a bar with its words, and every event of the bead, newest first. */
export function History({ id, bead }: { id: string; bead: Bead | null }) {
	const journal = useJournal("bead_events", { bead_id: id });
	const events = inOrder(journal.rows);
	return (
		<>
			{bead && journal.more !== null ? <Stretches of={stretches(bead, events, !journal.more)} /> : null}
			<ol>
				{events.toReversed().map((event) => (
					<EventLine key={event.bead_event_id} event={event} />
				))}
			</ol>
			<OlderRows journal={journal} what="history" makes="Gastown has written nothing of this bead." />
		</>
	);
}

function Stretches({ of }: { of: readonly Stretch[] }) {
	const now = useNow();
	const bars = of.map(({ status, from, to }) => ({
		from,
		to: to ?? now,
		look: STATUS_LOOKS[status] ?? unknownLook(status),
	}));
	return (
		<div className="pb-2">
			<Timeline label="Time in each state" stretches={bars} />
		</div>
	);
}

/** A status of the past, as it was stored. */
const STATUS_LOOKS: Record<string, Look> = {
	open: look("open", "Open", "quiet"),
	in_progress: look("underWay", "In progress", "active"),
	in_review: look("review", "In review", "active"),
	closed: look("done", "Closed", "good"),
	failed: look("failed", "Failed", "bad"),
};

function EventLine({ event }: { event: BeadEvent }) {
	const { view, open } = useOpenTown();
	const nameOf = useNames();
	const at = timeOf(event.created_at);
	const seq = view.touched.get(`bead_events/${event.bead_event_id}`)?.seq;
	const reason = failureOf(event);
	const by = event.agent_id && !namesItsAgent(event.event_type) ? agentName(view, event.agent_id) : null;
	const person = event.metadata?.by;
	return (
		<li className="flex flex-wrap gap-x-3 leading-6 max-md:items-center">
			{at === null ? (
				<span className="w-16 text-tone-quiet">{event.created_at}</span>
			) : (
				<button
					type="button"
					aria-label={`Replay from ${clockTime(at)}`}
					onClick={() => open({ kind: "bead", id: event.bead_id, replay: { at } })}
					className="h-6 w-16 text-left text-tone-quiet hover:text-tone-active hover:underline max-md:h-11"
				>
					<Time at={at} seq={seq} />
				</button>
			)}
			<span className="min-w-0 flex-1 break-words">
				{beadEventWords(event, nameOf)}
				{by ? <span className="text-tone-quiet">, by {by}</span> : null}
				{!by && typeof person === "string" ? (
					<span className="text-tone-quiet">, by {named(person, nameOf)}</span>
				) : null}
				{reason ? <span className="text-tone-bad"> {reason}</span> : null}
			</span>
			{at === null ? null : <LineToMoment at={at} seq={seq} />}
		</li>
	);
}
