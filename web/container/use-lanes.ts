import { useMemo } from "react";
import { useOpenTown } from "../town/open-town.ts";
import { useJournal } from "../town/use-journal.ts";
import { useNow } from "../ui/index.ts";
import { type Period, periodsOf, type Step, uptimeOf, workingSteps } from "./lanes.ts";

export type Lanes = {
	from: number;
	to: number;
	periods: Period[];
	steps: Step[];
	up: number;
	idle: number;
	/** True where both journals are read back to their beginning. */
	whole: boolean;
};

/** Finer than this nobody sees in a lane of hours. */
const PACE_MS = 10_000;

/** The container's periods above how many agents worked, as far as both journals are read back; null until then. */
export function useLanes(): Lanes | null {
	const { view } = useOpenTown();
	const events = useJournal("container_events", {});
	const log = useJournal("agent_status_log", {});
	const now = Math.ceil(useNow() / PACE_MS) * PACE_MS;
	const ready = events.more !== null && log.more !== null;
	const lasting = useMemo(() => {
		const moved = new Set(log.rows.map(({ agent_id }) => agent_id));
		return [...view.tables.agent_metadata.values()].filter(
			({ status, bead_id }) => status === "working" && !moved.has(bead_id),
		).length;
	}, [log.rows, view]);
	return useMemo(() => {
		const periods = periodsOf(events.rows, now);
		const first = periods[0];
		if (!ready || !first) return null;
		const logged = Date.parse(log.rows[0]?.at ?? "");
		// Before the oldest line that was read nobody knows who worked.
		const from = log.more && Number.isFinite(logged) ? Math.max(first.from, logged) : first.from;
		const steps = workingSteps(log.rows, from, lasting);
		const whole = events.more === false && log.more === false;
		return { from, to: now, periods, steps, ...uptimeOf(periods, steps, from), whole };
	}, [events.rows, events.more, log.rows, log.more, ready, now, lasting]);
}
