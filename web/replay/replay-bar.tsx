import { Button } from "@cloudflare/kumo/components/button";
import { CaretLeftIcon } from "@phosphor-icons/react/CaretLeft";
import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { PauseIcon } from "@phosphor-icons/react/Pause";
import { PlayIcon } from "@phosphor-icons/react/Play";
import { ChoiceMenu } from "../town/choice-menu.tsx";
import { clockTime, look, Status } from "../ui/index.ts";
import type { Axis } from "./axis.ts";
import { type Player, type PlayerState, SPEEDS, type Speed } from "./player.ts";
import { Scrubber, type ScrubberMark } from "./scrubber.tsx";
import { TimeField } from "./time-field.tsx";

type Props = { player: Player; state: PlayerState; axis: Axis; marks: readonly ScrubberMark[] };

/** Play, step, jump; the moment that is shown, and where it lies. */
export function ReplayBar({ player, state, axis, marks }: Props) {
	const { at, playing, reading, failed, speed } = state;
	const ready = at !== null && axis.to > axis.from;
	return (
		<div className="flex shrink-0 flex-col gap-1 border-b border-kumo-hairline px-4 py-1.5" data-replay-bar>
			<div className="flex flex-wrap items-center gap-2">
				<Button
					size="sm"
					variant="outline"
					shape="square"
					icon={<CaretLeftIcon weight="bold" />}
					aria-label="Step back"
					title="Step back, ,"
					disabled={!ready}
					onClick={() => void player.step(-1)}
				/>
				<Button
					size="sm"
					variant="outline"
					icon={playing ? <PauseIcon weight="bold" /> : <PlayIcon weight="bold" />}
					aria-keyshortcuts="p"
					disabled={!ready}
					onClick={() => (playing ? player.pause() : player.play())}
				>
					{playing ? "Halt" : "Play"}
				</Button>
				<Button
					size="sm"
					variant="outline"
					shape="square"
					icon={<CaretRightIcon weight="bold" />}
					aria-label="Step forward"
					title="Step forward, ."
					disabled={!ready}
					onClick={() => void player.step(1)}
				/>
				<ChoiceMenu
					label="Speed"
					tabs={SPEEDS.map((one) => ({ value: String(one), label: `${one}×` }))}
					value={String(speed)}
					onValue={(value) => player.setSpeed(Number(value) as Speed)}
				/>
				<Button
					size="sm"
					variant="ghost"
					aria-keyshortcuts="e"
					disabled={!ready}
					onClick={() => void player.failure()}
				>
					Next failure
				</Button>
				<span className="flex-1" />
				{reading ? <Status look={look("changing", "Reading", "active")} /> : null}
				{at === null ? null : <TimeField at={at} onTime={(to) => void player.jump(to)} />}
			</div>
			{ready ? (
				<>
					<Scrubber axis={axis} at={at} marks={marks} onJump={(to) => void player.jump(to)} />
					<div className="flex justify-between text-tone-quiet text-xs">
						<span>{clockTime(axis.from)}</span>
						<span>silences are cut short</span>
						<span>{clockTime(axis.to)}</span>
					</div>
				</>
			) : null}
			{failed === null ? null : (
				<p role="alert" className="flex flex-wrap items-center gap-2 text-tone-bad">
					Could not read it: {failed}
					<Button size="sm" variant="outline" onClick={() => at !== null && void player.jump(at)}>
						Try again
					</Button>
				</p>
			)}
		</div>
	);
}
