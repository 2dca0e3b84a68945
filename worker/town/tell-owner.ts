import type { TownNews } from "../rpc.ts";
import { ownerStub } from "../stubs.ts";
import { townNews } from "./summary.ts";
import type { Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/**
 * Tells the owner's object how this town is, where that differs from what it was told last. Rejects where the owner does
 * not answer: the agenda tries again, and nothing counts as told.
 */
export async function tellOwner(env: Env, town: Town): Promise<void> {
	const self = townValue(town, "town");
	const news = townNews(town);
	if (!self || !news) return;
	const text = JSON.stringify(withoutTimes(news));
	const told = town.sql.one<{ told: string }>("SELECT told FROM owner_outbox WHERE id = 1")?.told;
	if (told === text) return;
	await ownerStub(env, { type: self.owner_type, id: self.owner_id }).tellTown(news);
	town.sql.run(
		"INSERT INTO owner_outbox (id, told) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET told = excluded.told",
		text,
	);
}

/** The time of looking is no news, nor are the seconds of the last activity. */
const withoutTimes = ({ summary, ...news }: TownNews) => ({
	...news,
	summary: {
		...summary,
		at: null,
		health: { ...summary.health, at: null },
		last_activity_at: summary.last_activity_at?.slice(0, 16) ?? null,
	},
});
