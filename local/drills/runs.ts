import type { DrillOffer, DrillRun } from "../../shared/drills/index.ts";
import type { DemoWorld } from "../demo/real-town.ts";
import type { Drill } from "./drill.ts";
import { type DrillTown, openDrillTown } from "./drill-town.ts";
import { DRILLS } from "./index.ts";

/** The drills that were begun here, by town. */
export class DrillRuns {
	readonly #world: DemoWorld;
	readonly #runs = new Map<string, { drill: Drill; town: DrillTown; run: DrillRun }>();

	constructor(world: DemoWorld) {
		this.#world = world;
	}

	offers(): DrillOffer[] {
		return DRILLS.map(({ code, says, how, alone, mend }) => ({
			...{ code, says, how, alone, outside: mend !== undefined },
		}));
	}

	/** Makes a town and begins to break it; null where there is no such drill. */
	async begin(code: string): Promise<DrillRun | null> {
		const drill = DRILLS.find((one) => one.code === code);
		if (!drill) return null;
		const town = await openDrillTown(drill, this.#world);
		const run: DrillRun = {
			...{ code, town: town.id, state: "breaking", broken_at: null, error: null, work: [] },
		};
		this.#runs.set(town.id, { drill, town, run });
		drill.break(town).then(
			(broken) => Object.assign(run, { ...broken, state: "broken", broken_at: Date.now() }),
			(error: unknown) => Object.assign(run, { state: "failed", error: String(error) }),
		);
		return run;
	}

	of(town: string): DrillRun | null {
		return this.#runs.get(town)?.run ?? null;
	}

	/** Takes the outer cause away; null where there is no such run. */
	async mend(town: string): Promise<DrillRun | null> {
		const begun = this.#runs.get(town);
		await begun?.drill.mend?.(begun.town);
		return begun?.run ?? null;
	}

	/** Ends the town's container: it is not needed any more. */
	async end(town: string): Promise<DrillRun | null> {
		const begun = this.#runs.get(town);
		if (!begun) return null;
		await begun.town.client.gastown("setTownState", {
			key: "run_policy",
			value: { policy: "paused_by_user", by: begun.town.owner },
		});
		await this.#world.platform.stop(town, "kill");
		return begun.run;
	}
}
