import { OLIVE } from "../people.ts";
import type { DemoTown } from "./real-town.ts";
import { troubles } from "./troubles.ts";
import { wishes } from "./wishes.ts";

const MINUTE = 60_000;

/** Things go wrong by themselves from time to time. Its times are short, so that an admin sees what would else take hours. */
export const harborLights: DemoTown = {
	id: "harbor-lights",
	name: "Harbor Lights",
	owner: { type: "user", id: OLIVE },
	rigs: [
		{ name: "storefront", repository: "harbor/storefront" },
		// Its integration was linked to another repository: nothing can be started here.
		{ name: "archive", repository: "harbor/archive", covers: ["harbor/elsewhere"] },
	],
	config: {
		...{ max_polecats_per_rig: 4, merge_strategy: "direct", default_model: "scripted/m" },
		thresholds: {
			...{ gupp_warn_ms: MINUTE, gupp_escalate_ms: 6 * MINUTE, gupp_stop_ms: 20 * MINUTE },
			...{ back_off_ms: [5_000, 10_000, 20_000, 40_000, 60_000], restart_throttle_ms: 10_000 },
		},
	},
	live: (town) =>
		Promise.all([wishes(town, { rig: "storefront", everyMs: 15_000, atMost: 3 }), troubles(town)]),
};
