import { agentOfFeed } from "../../../shared/protocol/index.ts";
import type { TownState } from "../../live/town-state.ts";
import { duration } from "../format/duration.ts";
import { plural } from "../format/number.ts";
import { feedLook } from "../status/other-looks.ts";
import { type Look, look } from "../status/signs.ts";
import { Status } from "../status/status.tsx";

type State = Pick<TownState, "feeds" | "socket" | "figures">;
type Hop = { name: string; look: Look; since: number; note: string | null };

const SOCKET: Record<State["socket"]["is"], Look> = {
	waiting: look("waiting", "Retry", "quiet"),
	connecting: look("changing", "Connecting", "active"),
	open: look("changing", "Connecting", "active"),
	welcomed: look("running", "Live", "good"),
	refused: look("refused", "Refused", "warn"),
	closed: look("gone", "Left", "quiet"),
};

function hopOf(feed: string, nameOf: (agent: string) => string): string {
	const agent = agentOfFeed(feed);
	return `Session to ${nameOf(agent)}'s stream${agent === feed ? "" : ", revealed"}`;
}

/** You ● Session ● Town ● Agent streams: each hop's state and since when (this machine's milliseconds). */
function hopsOf(state: State, nameOf: (agent: string) => string, now: number): Hop[] {
	const { socket, feeds } = state;
	const hops: Hop[] = [
		{ name: "You to the session", look: SOCKET[socket.is], since: socket.since, note: socket.reason },
	];
	const known = [...feeds.values()].sort((a, b) => Number(b.feed === "town") - Number(a.feed === "town"));
	for (const feed of known) {
		const name = feed.feed === "town" ? "Session to the town" : hopOf(feed.feed, nameOf);
		const gaps = feed.gaps > 0 ? plural(feed.gaps, "gap") : null;
		const note = [feed.reason, gaps].filter(Boolean).join(", ") || null;
		hops.push({ name, look: feedLook(feed, now), since: feed.since, note });
	}
	return hops;
}

type Props = { state: State; nameOf(agent: string): string; now: number };

export function Hops({ state, nameOf, now }: Props) {
	const { latency, joinedMs } = state.figures;
	return (
		<div className="mt-2 flex flex-col gap-2 text-sm">
			<ol className="flex flex-col gap-1">
				{hopsOf(state, nameOf, now).map((hop) => (
					<li key={hop.name} className="grid grid-cols-[1fr_auto_auto] items-center gap-x-3">
						<span className="truncate">{hop.name}</span>
						<Status look={hop.look} />
						<span className="text-right text-tone-quiet">for {duration(now - hop.since, true)}</span>
						{hop.note && <span className="col-span-3 text-xs text-tone-quiet">{hop.note}</span>}
					</li>
				))}
			</ol>
			<p className="text-xs text-tone-quiet">
				{latency === null
					? "Commit to paint: not seen yet."
					: `Commit to paint: ${latency.last} ms now, ${latency.p50} ms median, ${latency.p99} ms at the 99th percentile.`}{" "}
				{joinedMs > 0 && `The session joins frames over ${joinedMs} ms because many watch.`}
			</p>
		</div>
	);
}
