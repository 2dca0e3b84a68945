import type { Thresholds } from "../../shared/gastown/index.ts";
import type { DemoRig } from "../demo/real-town.ts";
import type { DrillTown } from "./drill-town.ts";

/** One root cause, brought about for real in a town of its own (scenario by scenario in this folder). */
export type Drill = {
	/** The finding that is to be told, e.g. `agent.container-died`. */
	code: string;
	/** What the town's owner would write to the support. */
	says: string;
	/** What is done to the town, in one sentence. */
	how: string;
	/** `shop` alone where it is left out. */
	rigs?: DemoRig[];
	/** TownConfig, and its times: short, so that nobody waits for hours. */
	config?: Record<string, unknown>;
	thresholds?: Partial<Thresholds>;
	/** More environment of its container. */
	env?: Record<string, string>;
	/** Breaks it; resolves when it is broken. */
	break(town: DrillTown): Promise<Broken>;
	/** Takes the outer cause away where no button can: what its owner does, or time. */
	mend?(town: DrillTown): Promise<void>;
	/** What happens where nobody presses anything: it mends itself within so many seconds, or still stands after them. */
	alone: { mends: boolean; withinS: number };
};

export type Broken = {
	/** Beads that are closed in the end, once it is mended. */
	work: string[];
	/** What an admin has to choose in the remedy's sheet, by intervention: e.g. which integration. */
	choose?: Record<string, Record<string, unknown>>;
};

/** How far a drill has come in its town. Times are epoch milliseconds. */
export type DrillRun = {
	code: string;
	town: string;
	state: "making" | "breaking" | "broken" | "failed";
	broken_at: number | null;
	error: string | null;
} & Broken;

/** A drill as it is offered. */
export type DrillOffer = Pick<Drill, "code" | "says" | "how" | "alone">;
