import { useState } from "react";
import { useOpenTown } from "../town/open-town.ts";
import { axisTime, clockTime } from "../ui/index.ts";
import { usePastMarks } from "./marks.ts";
import { formatAt } from "./where.ts";

/** Parts of the line that one arrow key moves. */
const STEPS = 1_000;
const HOUR_MS = 3_600_000;

/** The last hours as one line: a click, a drag or the arrow keys choose a moment; what happened stands above it. */
export function TimeLine({ hours }: { hours: number }) {
	const { client, past, go } = useOpenTown();
	const marks = usePastMarks();
	// It stands still while it is open: nothing moves under the hand.
	const [now] = useState(() => client.now());
	const from = now - hours * HOUR_MS;
	const at = past?.is === "there" ? Math.max(from, past.moment.at) : now;
	const [held, setHeld] = useState<number | null>(null);
	const share = (moment: number) => Math.min(1, Math.max(0, (moment - from) / (now - from)));
	const percent = (moment: number) => `${(share(moment) * 100).toFixed(2)}%`;
	const moment = held ?? at;
	const choose = () => {
		if (held === null) return;
		go({ at: held >= now ? undefined : formatAt({ is: "at", at: held }) }, past !== null);
		setHeld(null);
	};
	return (
		<div className="flex flex-col">
			<div className="relative h-10">
				<div className="absolute inset-x-0 top-5 h-2 overflow-hidden rounded-sm border border-kumo-line bg-kumo-recessed">
					<div className="h-full bg-tone-past" style={{ width: percent(moment) }} />
				</div>
				{marks
					.filter((mark) => mark.at >= from && mark.at <= now)
					.map((mark) => (
						<button
							key={`${mark.sign} ${mark.at} ${mark.label}`}
							type="button"
							title={`${clockTime(mark.at)} ${mark.label}`}
							aria-label={`${clockTime(mark.at)} ${mark.label}`}
							onClick={() => go({ at: formatAt({ is: "at", at: mark.at }) }, past !== null)}
							className="-translate-x-1/2 absolute top-0 min-w-4 text-tone-quiet text-xs leading-4 hover:text-tone-past"
							style={{ left: percent(mark.at) }}
						>
							{mark.sign}
						</button>
					))}
				<input
					type="range"
					aria-label="Moment of the town"
					aria-valuetext={clockTime(moment, "seconds")}
					min={0}
					max={STEPS}
					value={Math.round(share(moment) * STEPS)}
					onChange={(event) =>
						setHeld(Math.round(from + (Number(event.target.value) / STEPS) * (now - from)))
					}
					onPointerUp={choose}
					onKeyUp={choose}
					className="scrubber absolute inset-x-0 top-3.5 h-5 w-full"
				/>
			</div>
			<div className="flex justify-between text-tone-quiet text-xs">
				<span>{axisTime(from, true)}</span>
				<span className="text-tone-past">{held === null ? "" : clockTime(held)}</span>
				<span>now</span>
			</div>
			<p className="pt-1 text-tone-quiet text-xs">
				✕ a finding since · ◆ an intervention · ▮ a stop of the container
			</p>
		</div>
	);
}
