import type { AgentExit } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { look, Status, Time, useNow } from "../ui/index.ts";
import type { Removed } from "./removed.ts";

/** Head of an agent that is gone: since when, and how long what it said is still kept (STREAM-3). */
export function RemovedLine({ removed, exit }: { removed: Removed; exit: AgentExit | null }) {
	const over = useNow() > removed.until;
	const exitAt = timeOf(exit?.at);
	return (
		<div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2" data-removed>
			<Status look={look("gone", "Removed", "quiet")} />
			<Time at={removed.at} dated />
			<span className="text-tone-quiet">
				{over ? "its stream was kept until" : "its stream is kept until"} <Time at={removed.until} dated />
			</span>
			{exit && exitAt !== null ? (
				<span className="w-full text-tone-quiet">
					Last process ended <Time at={exitAt} />: {exit.reason.replaceAll("_", " ")}
				</span>
			) : null}
		</div>
	);
}
