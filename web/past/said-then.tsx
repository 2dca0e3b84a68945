import { useCallback, useEffect, useMemo, useState } from "react";
import type { DispatchAttempt } from "../../shared/gastown/index.ts";
import { HiddenStrip } from "../agent/hidden-strip.tsx";
import { type Joined, joiner } from "../replay/joined.ts";
import { JoinedView } from "../replay/joined-view.tsx";
import { tracksOf } from "../replay/track.ts";
import { usePlayer } from "../replay/use-player.ts";
import { useJournal } from "../town/use-journal.ts";
import { Empty, look, Status, Stream } from "../ui/index.ts";
import { toggled } from "../ui/toggled.ts";

const keyOf = (item: Joined) => item.key;

/** What an agent had said by then, in the attempt that ran or the last that had. */
export function SaidThen({ agent, at }: { agent: string; at: number }) {
	const [revealed, setRevealed] = useState(0);
	return (
		<Until key={`${at} ${revealed}`} agent={agent} at={at} onRevealed={() => setRevealed((n) => n + 1)} />
	);
}

function Until({ agent, at, onRevealed }: { agent: string; at: number; onRevealed(): void }) {
	const journal = useJournal("dispatch_attempts", { agent_id: agent });
	const newest = journal.rows.at(-1);
	const tracks = useMemo(
		() => (journal.more === null ? null : tracksOf(newest ? [newest as DispatchAttempt] : [])),
		[journal.more, newest],
	);
	const [player, { reels, version, failed, reading }] = usePlayer(tracks, at);
	useEffect(() => {
		if (tracks && tracks.length > 0) void player.jump(at);
	}, [player, tracks, at]);
	const [join] = useState(joiner);
	// biome-ignore lint/correctness/useExhaustiveDependencies: reels change in place; the version tells
	const items = useMemo(() => join(reels, at), [join, reels, at, version]);
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const toggle = useCallback((key: string) => setOpen((before) => toggled(before, key)), []);
	const hidden = reels.some((reel) => reel.hidden);
	const why = journal.failed ?? failed;
	return (
		<>
			{hidden ? <HiddenStrip agents={[agent]} onRevealed={onRevealed} /> : null}
			<Stream
				still
				label="What it had said"
				items={items}
				keyOf={keyOf}
				estimate={28}
				none={
					why !== null ? (
						<p role="alert" className="flex flex-wrap gap-3 px-4 py-3">
							<Status look={look("failed", "Could not read what it had said", "bad")} /> {why}
						</p>
					) : tracks === null || reading || reels.some(({ kept }) => kept === undefined) ? (
						<div role="status" className="px-4 py-3">
							<Status look={look("changing", "Reading what it had said", "active")} />
						</div>
					) : (
						<Empty title="It had said nothing by then.">Step forward, or go back to live.</Empty>
					)
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
		</>
	);
}
