import type { TownState } from "../live/town-state.ts";
import type { ThePast } from "./read-past.ts";

const NO_BEATS: TownState["beats"] = new Map();

/** What the page shows otherwise of a moment than of now. Heartbeats and samples are not kept: there are none. */
export const stateThen = ({ batches }: Pick<TownState, "batches">, { view, seq }: ThePast) => ({
	...{ view, versions: view.versions, beats: NO_BEATS, container: null, looks: null, pulseAt: null },
	batches: batches.filter(({ to }) => to <= seq),
});
