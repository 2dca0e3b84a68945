import type { ReactNode } from "react";
import { useStore } from "zustand";
import { revealedFeed } from "../../shared/protocol/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { feedLook, Status, useWallNow } from "../ui/index.ts";
import { HiddenStrip } from "./hidden-strip.tsx";

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
			{hidden ? <HiddenStrip agents={[agent]} /> : null}
			{children}
		</div>
	);
}
