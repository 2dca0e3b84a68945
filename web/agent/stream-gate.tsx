import { type ReactNode, useState } from "react";
import { useStore } from "zustand";
import { revealedFeed } from "../../shared/protocol/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { ActionButton, feedLook, look, Status, useWallNow } from "../ui/index.ts";

/** The strip of an agent's own stream when it alone is not Live (design-ui §4); the town's gate stands around it. */
export function StreamGate({ agent, children }: { agent: string; children: ReactNode }) {
	const { client, connection } = useOpenTown();
	const hidden = useStore(client.stream(agent), (stream) => stream.hidden);
	const feed = useStore(client.store, ({ feeds }) =>
		hidden ? feeds.get(agent) : (feeds.get(revealedFeed(agent)) ?? feeds.get(agent)),
	);
	const now = useWallNow();
	const looked = feedLook(feed, now);
	const alone = connection.is === "live" && feed !== undefined && feed.state !== "live";
	return (
		<div className="flex min-h-0 flex-1 flex-col" data-stream={feed?.state ?? "none"}>
			{alone ? (
				<div className="flex min-h-8 shrink-0 flex-wrap items-center gap-2 bg-tone-warn-tint px-4 text-tone-warn text-xs">
					<Status look={looked} />
					<span>
						The stream of this agent alone is not live{feed.reason ? `: ${feed.reason}` : ""}. What stands
						below is as it was.
					</span>
				</div>
			) : null}
			{hidden ? <Hidden agent={agent} /> : null}
			{children}
		</div>
	);
}

/** What is hidden, and the button that shows it (SEC-4). */
function Hidden({ agent }: { agent: string }) {
	const { client, connection } = useOpenTown();
	const [asking, setAsking] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const reveal = async () => {
		setAsking(true);
		const result = await client.reveal(agent);
		setAsking(false);
		setFailed(result.ok ? null : result.error.message);
	};
	return (
		<div
			data-hidden
			className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-kumo-hairline px-4 py-1"
		>
			<Status look={look("unseen", "Prompts, code and output are hidden", "quiet")} />
			<ActionButton
				label="Reveal, recorded"
				danger="safe"
				reason={
					asking ? "It is being recorded." : connection.is === "live" ? null : "The town is not seen live."
				}
				onPress={() => void reveal()}
			/>
			{failed ? (
				<span role="alert" className="text-tone-bad">
					{failed}
				</span>
			) : null}
		</div>
	);
}
