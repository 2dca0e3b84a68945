import { Time } from "../../ui/index.ts";
import { causeWords } from "../changes/cause-words.ts";
import type { EventRow } from "../changes/event-rows.ts";
import type { NameOf } from "../changes/values.ts";
import { SubjectLink } from "../subject-link.tsx";
import { LANE_WORDS, LANES, type LaneRow } from "./lanes.ts";

const GRID =
	"grid w-full grid-cols-[64px_minmax(0,4fr)_minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)] gap-x-3 px-4 max-md:grid-cols-[64px_minmax(0,1fr)]";

/** The words of the lanes; on a phone each line says its own. */
export const LanesHead = () => (
	<div
		aria-hidden
		className={`${GRID} border-b border-kumo-hairline py-1 text-tone-quiet text-xs max-md:hidden`}
	>
		<span>Time</span>
		{LANES.map((lane) => (
			<span key={lane}>{LANE_WORDS[lane]}</span>
		))}
	</div>
);

/** One batch: who called, and what it changed, each in its lane. */
export function LaneLine({ row, nameOf }: { row: LaneRow; nameOf: NameOf }) {
	const cause = causeWords(row.cause, nameOf);
	return (
		<div
			data-lane-row={row.seq}
			className={`${GRID} min-h-7 border-b border-kumo-hairline py-1 ${row.called ? "bg-kumo-tint" : ""}`}
		>
			<span className="text-tone-quiet">
				<Time at={row.at} seq={row.seq} />
			</span>
			<div className={`min-w-0 ${row.called ? "font-medium text-tone-human" : "text-tone-quiet"}`}>
				<span className="break-words">{row.called ? cause : `↳ ${cause}`}</span>
			</div>
			{(["beads", "agents", "container"] as const).map((lane) => (
				<div key={lane} data-lane={lane} className="flex min-w-0 flex-col max-md:col-start-2">
					{row.lanes[lane].map((change) => (
						<Told key={change.seq} change={change} />
					))}
				</div>
			))}
		</div>
	);
}

function Told({ change }: { change: EventRow }) {
	return (
		<span className="flex flex-wrap items-center gap-x-1">
			{change.subject ? (
				<SubjectLink subject={change.subject} />
			) : (
				change.name && <span className="font-medium">{change.name}</span>
			)}
			<span className="min-w-0 break-words">{change.words}</span>
		</span>
	);
}
