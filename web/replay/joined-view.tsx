import { Button } from "@cloudflare/kumo/components/button";
import { AgentContext } from "../agent/agent-context.ts";
import { LineView } from "../agent/line-view.tsx";
import { StreamEnds } from "../agent/loop-marks.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { clockTime, count, look, Status } from "../ui/index.ts";
import type { Joined } from "./joined.ts";
import type { Reel } from "./reel.ts";

type Props = { item: Joined; open: boolean; onToggle(key: string): void; onFill(reel: Reel): void };

/** One row of the joined conversation: a line of one agent, who speaks from here on, or what is not here and why. */
export function JoinedView({ item, open, onToggle, onFill }: Props) {
	const { reel } = item;
	if (item.kind === "line")
		return (
			<AgentContext value={reel.track.agent}>
				<StreamEnds value={item.ends}>
					<LineView line={item.line} open={open} current={false} onToggle={() => onToggle(item.key)} />
				</StreamEnds>
			</AgentContext>
		);
	if (item.kind === "speaker")
		return (
			<div
				className="mt-2 flex min-h-7 flex-wrap items-center gap-x-3 border-t border-kumo-line bg-kumo-recessed px-4"
				data-speaker={reel.track.agent}
			>
				<Who reel={reel} />
				<span className="text-tone-quiet text-xs">{clockTime(item.at)}</span>
			</div>
		);
	return <Gap item={item} onFill={onFill} />;
}

const Who = ({ reel }: { reel: Reel }) => (
	<>
		<SubjectLink subject={{ kind: "agent", id: reel.track.agent }} sign={false} />
		<span className="text-tone-quiet">attempt {reel.track.n}</span>
	</>
);

function Gap({ item, onFill }: { item: Extract<Joined, { kind: "gap" }>; onFill(reel: Reel): void }) {
	const { reel, why } = item;
	const { kept, horizon, span, events } = reel;
	const loads = why === "unread" || why === "earlier";
	const words = {
		unread: `is not loaded${span ? `: ${clockTime(span.from)} to ${clockTime(span.to)}` : ""}`,
		earlier: `earlier events, seq ${count(kept?.from ?? 0)} to ${count((events[0]?.[0] ?? 1) - 1)}, are not loaded`,
		pruned: `what was before seq ${count(horizon)} was pruned`,
		lost:
			horizon > 1
				? `nothing is kept of it: pruned before seq ${count(horizon)}, or never received`
				: "nothing was received of it",
		"never-ran": "never ran: it said nothing",
	}[why];
	return (
		<div
			className="flex min-h-9 flex-wrap items-center gap-x-3 border-b border-kumo-hairline px-4"
			data-gap={why}
		>
			{why === "earlier" || why === "pruned" ? null : <Who reel={reel} />}
			<Status
				look={look(why === "never-ran" ? "gone" : "unseen", words, why === "never-ran" ? "quiet" : "warn")}
				className="[&>span]:whitespace-normal"
			/>
			{loads ? (
				<Button size="sm" variant="outline" onClick={() => onFill(reel)}>
					Load
				</Button>
			) : null}
		</div>
	);
}
