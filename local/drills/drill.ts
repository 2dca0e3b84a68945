import type { DrillOffer, DrillRun } from "../../shared/drills/index.ts";
import type { Thresholds } from "../../shared/gastown/index.ts";
import type { DemoRig } from "../demo/real-town.ts";
import type { DrillTown } from "./drill-town.ts";

/** One root cause, brought about for real in a town of its own (scenario by scenario in this folder). */
export type Drill = Omit<DrillOffer, "outside"> & {
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
};

export type Broken = Pick<DrillRun, "work" | "given_up" | "answered" | "choose" | "secrets">;
