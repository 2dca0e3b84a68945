import type { Drill } from "./drill.ts";

const SAYS = "My bead has been open forever.";

export const stuckBead: readonly Drill[] = [
	{
		code: "bead.dispatch-failing",
		says: SAYS,
		how: "The town's model is set to one that does not exist.",
		config: { default_model: "scripted/none" },
		thresholds: { back_off_ms: [300, 500, 20_000, 20_000, 20_000] },
		async break(town) {
			return { work: [await town.bead("Add the basket helper")] };
		},
		alone: { mends: false, withinS: 10 },
	},
];
