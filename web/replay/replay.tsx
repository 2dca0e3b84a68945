import { useCallback, useEffect, useMemo, useState } from "react";
import { agentName, timeOf } from "../../shared/town-view/index.ts";
import { HiddenStrip } from "../agent/hidden-strip.tsx";
import { inOrder } from "../bead/history.ts";
import { formatOpen } from "../routes/address.ts";
import { useKeys } from "../routes/keys.ts";
import { beadEventWords } from "../town/changes/bead-event-words.ts";
import { ChoiceMenu } from "../town/choice-menu.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { useJournal } from "../town/use-journal.ts";
import { useMedia } from "../town/use-media.ts";
import { useNames } from "../town/use-names.ts";
import { Empty, look, Status, Stream } from "../ui/index.ts";
import { toggled } from "../ui/toggled.ts";
import { axisOf } from "./axis.ts";
import { HistoryBeside } from "./history-beside.tsx";
import { type Joined, joiner } from "./joined.ts";
import { JoinedView } from "./joined-view.tsx";
import { ReplayBar } from "./replay-bar.tsx";
import type { ScrubberMark } from "./scrubber.tsx";
import { usePlayer } from "./use-player.ts";
import { useTracks, useWorkedOn } from "./use-tracks.ts";

/** Every agent: no id is empty. */
const ALL = "";
const keyOf = (item: Joined) => item.key;
/** The address follows a moment that stands, not one that runs. */
const SETTLED_MS = 400;

type Props = { id: string; startAt: number | null; wide: boolean };

/** What all agents of a bead said and did, joined in time, beside its history (design-ui §7). Works for agents that are gone. */
export function Replay(props: Props) {
	const [revealed, setRevealed] = useState(0);
	// What was read hidden is read again.
	return <Player key={revealed} {...props} onRevealed={() => setRevealed((n) => n + 1)} />;
}

function Player({ id, startAt, wide, onRevealed }: Props & { onRevealed(): void }) {
	const { go, view } = useOpenTown();
	const desk = useMedia("(min-width: 1024px)");
	const { tracks, failed, again } = useTracks(useWorkedOn(id));
	const [player, state] = usePlayer(tracks, startAt);
	const { at, playing, version, reels } = state;
	const journal = useJournal("bead_events", { bead_id: id });
	const events = useMemo(() => inOrder(journal.rows), [journal.rows]);
	const marks = useMarks(events);
	const [join] = useState(joiner);
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const [agent, setAgent] = useState(ALL);
	const agents = useMemo(() => [...new Set(tracks?.map((track) => track.agent))], [tracks]);
	const heard = useMemo(
		() => (agent === ALL ? reels : reels.filter(({ track }) => track.agent === agent)),
		[reels, agent],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: reels change in place; the version tells
	const items = useMemo(() => (at === null ? [] : join(heard, at)), [join, heard, at, version]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: reels change in place; the version tells
	const axis = useMemo(
		() =>
			axisOf(
				reels.flatMap(({ span }) => span ?? []),
				at ?? 0,
			),
		[reels, version],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: reels change in place; the version tells
	const hidden = useMemo(
		() => [...new Set(reels.filter((reel) => reel.hidden).map(({ track }) => track.agent))],
		[reels, version],
	);
	const toggle = useCallback((key: string) => setOpen((before) => toggled(before, key)), []);
	useEffect(() => {
		if (playing || at === null) return;
		const timer = setTimeout(
			() => go({ open: formatOpen({ kind: "bead", id, replay: { at } }) }, true),
			SETTLED_MS,
		);
		return () => clearTimeout(timer);
	}, [playing, at, go, id]);
	useKeys("replay", {
		p: () => (playing ? player.pause() : player.play()),
		",": () => void player.step(-1),
		".": () => void player.step(1),
		e: () => void player.failure(),
	});
	const jump = (to: number) => {
		player.pause();
		void player.jump(to);
	};
	const beside = wide && desk;
	const unasked = tracks === null || (tracks.length > 0 && at === null && state.failed === null);
	return (
		<div className="flex min-h-0 flex-1 flex-col" data-replay={playing ? "playing" : "still"} data-at={at}>
			<ReplayBar player={player} state={state} axis={axis} marks={marks} />
			{hidden.length > 0 ? <HiddenStrip agents={hidden} onRevealed={onRevealed} /> : null}
			<div className={`flex min-h-0 flex-1 ${beside ? "" : "flex-col"}`}>
				<div
					className={`flex min-h-0 flex-col ${
						beside
							? "w-96 shrink-0 border-r border-kumo-hairline"
							: "max-h-[34%] shrink-0 border-b border-kumo-hairline"
					}`}
				>
					<HistoryBeside journal={journal} events={events} at={at} onJump={jump} />
				</div>
				<Stream
					still
					label="Conversations of the bead, joined"
					items={items}
					keyOf={keyOf}
					estimate={28}
					bar={
						agents.length > 1 ? (
							<ChoiceMenu
								label="Which agents"
								tabs={[
									{ value: ALL, label: `All ${agents.length} agents` },
									...agents.map((one) => ({ value: one, label: agentName(view, one) })),
								]}
								value={agent}
								onValue={setAgent}
							/>
						) : undefined
					}
					none={
						<None
							tracks={tracks?.length ?? null}
							failed={failed}
							reads={unasked && !failed}
							onAgain={again}
						/>
					}
					item={(item) => (
						<JoinedView
							item={item}
							open={open.has(item.key)}
							onToggle={toggle}
							onFill={(reel) => void player.fill(reel)}
						/>
					)}
				/>
			</div>
		</div>
	);
}

/** Starts, ends and moves of the bead, as marks on the axis. */
function useMarks(events: readonly Parameters<typeof beadEventWords>[0][]): ScrubberMark[] {
	const nameOf = useNames();
	return useMemo(
		() =>
			events.flatMap((event) => {
				const at = timeOf(String(event.created_at));
				const sign = SIGNS[String(event.event_type)];
				return at === null || !sign ? [] : [{ at, sign, label: beadEventWords(event, nameOf) }];
			}),
		[events, nameOf],
	);
}

const SIGNS: Record<string, string> = {
	status_changed: "▾",
	closed: "✓",
	agent_spawned: "▸",
	agent_exited: "▪",
};

type NoneProps = { tracks: number | null; failed: string | null; reads: boolean; onAgain(): void };

function None({ tracks, failed, reads, onAgain }: NoneProps) {
	if (failed !== null)
		return (
			<p role="alert" className="flex flex-wrap items-center gap-3 px-4 py-3">
				<Status look={look("failed", "Could not read who worked on it", "bad")} />
				{failed}
				<button type="button" className="text-tone-active hover:underline" onClick={onAgain}>
					Try again
				</button>
			</p>
		);
	if (reads)
		return (
			<div role="status" className="px-4 py-3">
				<Status look={look("changing", "Reading who worked on it", "active")} />
			</div>
		);
	if (tracks === 0)
		return (
			<Empty title="Nobody has worked on it.">A conversation begins when an agent is started for it.</Empty>
		);
	return <Empty title="Nothing was said by then.">Step forward, or press a row of its history.</Empty>;
}
