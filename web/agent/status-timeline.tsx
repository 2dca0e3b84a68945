import { useMemo } from "react";
import { storiesAbout } from "../../shared/ledger/fold.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { storyTitle } from "../ledger/story-words.ts";
import { LineToMoment } from "../past/to-moment.tsx";
import { keptCauseWords } from "../town/changes/cause-words.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { useJournal } from "../town/use-journal.ts";
import { useNames } from "../town/use-names.ts";
import {
	clockTime, dateTime, duration, type Look, look, Status, Time, Timeline, unknownLook, useNow,
} from "../ui/index.ts"; // biome-ignore format: a list
import { type Bar, barsOf, type Segment, segmentsOf, timeIn } from "./status-segments.ts";

/** A status of the past, as it was stored. */
const LOOKS: Record<string, Look> = {
	idle: look("open", "Idle", "quiet"),
	working: look("underWay", "Working", "active"),
	waiting: look("waiting", "Waiting", "quiet"),
	stalled: look("warning", "Stalled", "warn"),
	dead: look("failed", "Dead", "bad"),
};
const lookOf = (status: string | null): Look | null =>
	status === null ? null : (LOOKS[status] ?? unknownLook(status));

/** So many bars have room beside each other. */
const MOST_BARS = 12;

/** From which status to which, when, because of what: drawn as a strip, and as its table, newest first. */
export function StatusTimeline({ id }: { id: string }) {
	const { view, ledger, past } = useOpenTown();
	const journal = useJournal("agent_status_log", { agent_id: id });
	const now = useNow();
	const status = view.tables.agent_metadata.get(id)?.status ?? null;
	const segments = useMemo(() => segmentsOf(journal.rows, status), [journal.rows, status]);
	const bars = barsOf(segments, now, MOST_BARS);
	const marks = useMemo(
		() =>
			storiesAbout(storiesOf(ledger), id).map((story) => ({
				at: story.at,
				sign: "◆",
				label: storyTitle(story),
			})),
		[ledger, id],
	);
	const [first] = segments;
	const drawn = marks.filter(({ at }) => first && at >= first.from);
	return (
		<>
			{first ? (
				<figure className="pb-2" data-status-strip={bars.length}>
					<Timeline label="Status over time" stretches={bars.map(stretchOf)} marks={drawn} />
					<figcaption className="flex flex-wrap justify-between gap-x-4 text-tone-quiet text-xs">
						<span>{now - first.from > DAY_MS ? dateTime(first.from) : clockTime(first.from)}</span>
						<span>
							{timeIn(segments, now)
								.map((one) => `${lookOf(one.status)?.word ?? "Not seen"} ${duration(one.ms, true)}`)
								.join(" · ")}
						</span>
						<span>{past ? "that moment" : "now"}</span>
					</figcaption>
				</figure>
			) : null}
			{first ? <Table segments={segments} now={now} /> : null}
			<OlderRows
				journal={journal}
				what="status changes"
				makes="Its status has not changed since it was made."
			/>
		</>
	);
}

const DAY_MS = 86_400_000;

function stretchOf({ from, to, segments }: Bar) {
	const [only] = segments;
	return segments.length === 1 && only
		? { from, to, look: lookOf(only.status) }
		: { from, to, look: look("changing", `${segments.length} changes`, "quiet") };
}

function Table({ segments, now }: { segments: readonly Segment[]; now: number }) {
	const nameOf = useNames();
	return (
		<table className="w-full" aria-label="Status changes">
			<thead>
				<tr className="text-left text-tone-quiet text-xs">
					<th className="w-20 font-medium">From</th>
					<th className="w-32 font-medium">Status</th>
					<th className="w-20 pr-3 text-right font-medium">For</th>
					<th className="font-medium">Was, and because of what</th>
					<th className="w-6">
						<span className="sr-only">The town at that moment</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{segments.toReversed().map((segment) => {
					const shown = lookOf(segment.status);
					return (
						<tr key={segment.id} className="align-top">
							<td className="text-tone-quiet">
								<Time at={segment.from} />
							</td>
							<td>
								<Status look={shown ?? look("unseen", "Not seen", "warn")} />
							</td>
							<td className="pr-3 text-right">{duration((segment.to ?? now) - segment.from, true)}</td>
							<td className="break-words text-tone-quiet">
								{segment.was === null ? "newly made" : (lookOf(segment.was)?.word ?? segment.was)}
								{segment.cause ? `; ${keptCauseWords(segment.cause, nameOf)}` : "; no cause given"}
							</td>
							<td>
								<LineToMoment at={segment.from} />
							</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}
