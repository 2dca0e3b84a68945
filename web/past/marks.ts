import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStore } from "zustand";
import type { ContainerEvent } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { storyTitle } from "../ledger/story-words.ts";
import { askOf } from "../town/ask-of.ts";
import { useOpenTown } from "../town/open-town.ts";

/** Something that happened, for the line of time. `at` is the town's clock, epoch milliseconds. */
export type PastMark = { at: number; sign: "✕" | "◆" | "▮"; label: string };

const NONE: readonly ContainerEvent[] = [];
const STALE_MS = 10_000;

/** Findings that stand, interventions, and stops of the container, oldest first. */
export function usePastMarks(): PastMark[] {
	const { client, live } = useOpenTown();
	// Of now, whatever moment is shown.
	const ledger = useStore(client.store, (state) => state.ledger);
	const { data: events = NONE } = useQuery({
		queryKey: ["container-events", client.townId],
		queryFn: async () => {
			const { rows } = await askOf(client)({ kind: "journal", entity: "container_events", limit: 500 });
			return rows as ContainerEvent[];
		},
		staleTime: STALE_MS,
	});
	return useMemo(() => {
		const stops = events.flatMap(({ type, at, reason }): PastMark[] => {
			const when = timeOf(at);
			return type === "stop" && when !== null
				? [{ at: when, sign: "▮", label: `Container stopped${reason ? `: ${reason}` : ""}` }]
				: [];
		});
		const done = storiesOf(ledger).flatMap((story): PastMark[] =>
			story.intent
				? [{ at: story.at, sign: "◆", label: `${storyTitle(story)}, by ${story.admin?.name ?? "an admin"}` }]
				: [],
		);
		const wrong = live.findings
			.filter(({ because }) => because === null)
			.map(({ since, sentence }): PastMark => ({ at: since, sign: "✕", label: sentence }));
		return [...stops, ...done, ...wrong].sort((a, b) => a.at - b.at);
	}, [events, ledger, live]);
}
