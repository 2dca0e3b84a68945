import { ORGANISATION } from "../people.ts";
import type { DemoTown } from "./real-town.ts";
import { wishes } from "./wishes.ts";

/** Healthy and busy: a mayor, three polecats, a refinery; everything ends merged in its repository. */
export const quietMill: DemoTown = {
	id: "quiet-mill",
	name: "Quiet Mill",
	owner: { type: "org", id: ORGANISATION.id },
	rigs: [{ name: "website", repository: "northwind/website" }],
	config: { max_polecats_per_rig: 3, merge_strategy: "direct", default_model: "scripted/m" },
	live: (town) => wishes(town, { rig: "website", everyMs: 20_000, atMost: 3 }),
};
