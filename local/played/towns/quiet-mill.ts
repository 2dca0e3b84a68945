import { OLIVE } from "../people.ts";
import { mayorWaits, polecat, refinery, wishes } from "./residents.ts";
import type { TownScript } from "./town-script.ts";

/** Healthy and calm: one polecat works, with pauses, and everything merges. */
export const quietMill: TownScript = {
	id: "quiet-mill",
	name: "Quiet Mill",
	owner: { type: "user", id: OLIVE },
	rigs: [{ name: "website", git_url: "https://git.example/olive/website.git" }],
	agents: [
		{ name: "Juniper", role: "polecat", rig: "website" },
		{ name: "Reeve", role: "refinery", rig: "website" },
		{ name: "Mill-Mayor", role: "mayor", rig: null },
	],
	async play(player) {
		await Promise.all([
			mayorWaits(player, "Mill-Mayor"),
			wishes(player, { rig: "website", by: OLIVE, everyMs: 45_000, atMost: 3 }),
			polecat(player, "Juniper", { rig: "website", restMs: 20_000 }),
			refinery(player, "Reeve", { rig: "website", restMs: 10_000 }),
		]);
	},
};
