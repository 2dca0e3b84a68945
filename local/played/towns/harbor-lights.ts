import { OLIVE } from "../people.ts";
import { polecat, refinery, wishes } from "./residents.ts";
import type { TownScript } from "./town-script.ts";
import {
	blockedWork,
	deadAssignee,
	expiringToken,
	failingStarts,
	hangingPolecat,
	sicklyMayor,
} from "./troubles.ts";

/**
 * Busy, and things go wrong: every rule but the container's death, which is in Assembly Hall, finds something here within ten
 * minutes. Here the container lives, so that what hangs in it hangs as long as it says.
 */
export const harborLights: TownScript = {
	id: "harbor-lights",
	name: "Harbor Lights",
	owner: { type: "user", id: OLIVE },
	rigs: [
		{ name: "storefront", git_url: "https://git.example/harbor/storefront.git" },
		{ name: "orders-api", git_url: "https://git.example/harbor/orders-api.git" },
	],
	agents: [
		{ name: "Toast", role: "polecat", rig: "storefront" },
		{ name: "Maple", role: "polecat", rig: "storefront" },
		{ name: "Cinder", role: "polecat", rig: "storefront" },
		{ name: "Biscuit", role: "polecat", rig: "storefront" },
		{ name: "Thistle", role: "polecat", rig: "orders-api" },
		{ name: "Bramble", role: "polecat", rig: "orders-api" },
		{ name: "Warden", role: "refinery", rig: "storefront" },
		{ name: "Bailiff", role: "refinery", rig: "orders-api" },
		{ name: "Harbor-Mayor", role: "mayor", rig: null },
	],
	async play(player) {
		await Promise.all([
			hangingPolecat(player, "Biscuit", "storefront"),
			blockedWork(player, "orders-api", OLIVE),
			wishes(player, { rig: "storefront", by: OLIVE, everyMs: 12_000, atMost: 6 }),
			wishes(player, { rig: "orders-api", by: OLIVE, everyMs: 30_000, atMost: 3 }),
			polecat(player, "Toast", { rig: "storefront", restMs: 2_000 }),
			polecat(player, "Maple", { rig: "storefront", restMs: 4_000, crashEvery: 5 }),
			polecat(player, "Cinder", { rig: "storefront", restMs: 7_000 }),
			polecat(player, "Thistle", { rig: "orders-api", restMs: 5_000 }),
			refinery(player, "Warden", { rig: "storefront", restMs: 2_000, conflictEvery: 5 }),
			refinery(player, "Bailiff", { rig: "orders-api", restMs: 4_000 }),
			failingStarts(player, "Bramble", "orders-api", OLIVE),
			deadAssignee(player, "storefront", OLIVE),
			expiringToken(player, "orders-api"),
			sicklyMayor(player, "Harbor-Mayor"),
		]);
	},
};
