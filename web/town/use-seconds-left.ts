import { useEffect, useState } from "react";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { useOpenTown } from "./open-town.ts";

/** Often enough that each second is shown in its time. */
const TICK_MS = 200;

/** When an intervention that can still be cancelled is to be done, by the session's clock; null for every other. */
export const dueOf = (story: LedgerStory | undefined): number | null =>
	story?.state === "armed" ? (story.intent?.due ?? null) : null;

/** Whole seconds until `due`, down to 0; null without one. */
export function useSecondsLeft(due: number | null): number | null {
	const { client } = useOpenTown();
	const left = () => (due === null ? null : Math.max(0, Math.ceil((due - client.sessionNow()) / 1_000)));
	const [, tick] = useState(0);
	const now = left();
	useEffect(() => {
		if (due === null) return;
		const timer = setInterval(() => tick((n) => n + 1), TICK_MS);
		return () => clearInterval(timer);
	}, [due]);
	return now;
}
