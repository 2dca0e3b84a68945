import type { TownState } from "../live/town-state.ts";
import type { ThePast } from "./read-past.ts";

type Shown = Pick<
	TownState,
	"view" | "versions" | "beats" | "container" | "looks" | "pulseAt" | "batches" | "ledger"
>;

const NO_BEATS: TownState["beats"] = new Map();

/** What the page shows, as it was at a moment. Heartbeats and samples are not kept: there are none. */
export const stateThen = <S extends Shown>(now: S, { view, seq, at }: ThePast): S => ({
	...now,
	...{ view, versions: view.versions, beats: NO_BEATS, container: null, looks: null, pulseAt: null },
	batches: now.batches.filter(({ to }) => to <= seq),
	ledger: now.ledger.filter((entry) => entry.at <= at),
});
