import { ORGANISATION, PRIYA } from "../people.ts";
import { mayorWaits, polecat, refinery, wishes } from "./residents.ts";
import type { TownScript } from "./town-script.ts";
import { dyingContainer } from "./troubles.ts";

/**
 * The organisation's town: steady work of three polecats, now and then a merge conflict that goes back to the queue. Its container
 * dies under its agents every few minutes.
 */
export const assemblyHall: TownScript = {
	id: "assembly-hall",
	name: "Assembly Hall",
	owner: { type: "org", id: ORGANISATION.id },
	rigs: [
		{ name: "firmware", git_url: "https://git.example/northwind/firmware.git" },
		{
			name: "fleet",
			git_url: "https://git.example/northwind/fleet.git",
			config: { max_concurrent_polecats: 2 },
		},
	],
	agents: [
		{ name: "Clover", role: "polecat", rig: "firmware" },
		{ name: "Pebble", role: "polecat", rig: "firmware" },
		{ name: "Wren", role: "polecat", rig: "fleet" },
		{ name: "Marshal", role: "refinery", rig: "firmware" },
		{ name: "Sergeant", role: "refinery", rig: "fleet" },
		{ name: "Hall-Mayor", role: "mayor", rig: null },
	],
	async play(player) {
		await Promise.all([
			mayorWaits(player, "Hall-Mayor"),
			wishes(player, { rig: "firmware", by: PRIYA, everyMs: 20_000, atMost: 5 }),
			wishes(player, { rig: "fleet", by: PRIYA, everyMs: 60_000, atMost: 3 }),
			polecat(player, "Clover", { rig: "firmware", restMs: 8_000 }),
			polecat(player, "Pebble", { rig: "firmware", restMs: 12_000 }),
			polecat(player, "Wren", { rig: "fleet", restMs: 15_000 }),
			refinery(player, "Marshal", { rig: "firmware", restMs: 5_000, conflictEvery: 6 }),
			refinery(player, "Sergeant", { rig: "fleet", restMs: 8_000 }),
			dyingContainer(player),
		]);
	},
};
