import { clockTime } from "../ui/index.ts";
import type { Axis } from "./axis.ts";

/** Something that happened to the bead, on the axis. */
export type ScrubberMark = { at: number; sign: string; label: string };

/** Parts of the axis that one arrow key moves. */
const STEPS = 1_000;

type Props = { axis: Axis; at: number; marks: readonly ScrubberMark[]; onJump(at: number): void };

/** The whole replay as one line: drag, click or arrow keys jump; pauses between the tracks are hatched and drawn short. */
export function Scrubber({ axis, at, marks, onJump }: Props) {
	const percent = (moment: number) => `${(axis.shareOf(moment) * 100).toFixed(2)}%`;
	return (
		<div className="relative h-9">
			<div className="absolute inset-x-0 top-3.5 h-2 overflow-hidden rounded-sm border border-kumo-line bg-kumo-recessed">
				<div className="h-full bg-tone-active" style={{ width: percent(at) }} />
				{axis.pauses.map((pause) => (
					<div
						key={pause.from}
						title={`Nothing was said from ${clockTime(pause.from)} to ${clockTime(pause.to)}`}
						className="hatched absolute inset-y-0 bg-kumo-base"
						style={{
							left: percent(pause.from),
							width: `calc(${percent(pause.to)} - ${percent(pause.from)})`,
						}}
					/>
				))}
			</div>
			<div aria-hidden className="pointer-events-none absolute inset-x-0 top-0 h-3 text-[12px] leading-3">
				{marks.map((mark) => (
					<span
						key={`${mark.at} ${mark.label}`}
						className="-translate-x-1/2 absolute text-tone-quiet"
						style={{ left: percent(mark.at) }}
					>
						{mark.sign}
					</span>
				))}
			</div>
			<input
				type="range"
				aria-label="Moment of the replay"
				aria-valuetext={clockTime(at, "millis")}
				min={0}
				max={STEPS}
				value={Math.round(axis.shareOf(at) * STEPS)}
				onChange={(event) => onJump(axis.momentAt(Number(event.target.value) / STEPS))}
				className="scrubber absolute inset-x-0 top-2 h-5 w-full"
			/>
		</div>
	);
}
