import { Button } from "@cloudflare/kumo/components/button";
import { useState } from "react";
import type { StreamState } from "../live/stream-store.ts";
import { useOpenTown } from "../town/open-town.ts";
import { count } from "../ui/index.ts";

/** What lies before the oldest line: nothing, what can be read, or what was pruned; and what was left out. Never silence (L8). */
export function StreamTop({ stream }: { stream: StreamState }) {
	const { client } = useOpenTown();
	const [reading, setReading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const { agent, oldest, horizon, leftOut } = stream;
	if (oldest === null) return null;
	const first = Math.max(1, horizon);
	const read = async (job: () => Promise<{ ok: true } | { ok: false; error: { message: string } }>) => {
		setReading(true);
		setFailed(null);
		const result = await job();
		if (!result.ok) setFailed(result.error.message);
		setReading(false);
	};
	const firstHole = leftOut[0];
	const lastHole = leftOut.at(-1);
	return (
		<div className="flex max-w-[760px] flex-col items-start gap-1 px-4 py-1 text-tone-quiet text-xs">
			{first > 1 && oldest <= first ? <p>Pruned before seq {count(first)}.</p> : null}
			{oldest > first ? (
				<p className="flex items-center gap-2">
					Earlier events: seq {count(first)} to {count(oldest - 1)}
					<Button
						size="sm"
						variant="outline"
						loading={reading}
						onClick={() => void read(() => client.loadOlder(agent))}
					>
						Load
					</Button>
				</p>
			) : null}
			{oldest <= first && first === 1 ? <p>The beginning of the stream.</p> : null}
			{firstHole && lastHole ? (
				<p className="flex items-center gap-2">
					{count(leftOut.reduce((sum, hole) => sum + hole.count, 0))} deltas of closed parts left out, seq{" "}
					{count(firstHole.from)} to {count(lastHole.to)}
					<Button
						size="sm"
						variant="outline"
						loading={reading}
						onClick={() => void read(() => client.fetchLeftOut(agent))}
					>
						Fetch
					</Button>
				</p>
			) : null}
			{failed ? (
				<p role="alert" className="text-tone-bad">
					Could not read them: {failed}
				</p>
			) : null}
		</div>
	);
}
