import { rigs } from "../../shared/gastown/index.ts";
import type { TownNews } from "../rpc.ts";
import { listRows } from "./rows.ts";
import { isoNow, type Town } from "./town.ts";
import { townValue } from "./town-state.ts";

/** What this town tells its owner now; null before it was created. */
export function townNews(town: Town): TownNews | null {
	const self = townValue(town, "town");
	if (!self) return null;
	const health = townValue(town, "health");
	const container = townValue(town, "container");
	const counted = town.sql.one<{ working: number; total: number; last: string | null }>(
		`SELECT COUNT(*) FILTER (WHERE status = 'working') AS working, COUNT(*) AS total,
			MAX(last_activity_at) AS last FROM agent_metadata WHERE status != 'dead'`,
	);
	const open = town.sql.one<{ n: number; last: string | null }>(
		`SELECT COUNT(*) FILTER (WHERE status NOT IN ('closed', 'failed')) AS n, MAX(updated_at) AS last
			FROM beads WHERE type NOT IN ('agent', 'message')`,
	);
	const activity = [counted?.last, open?.last].filter((at): at is string => typeof at === "string").sort();
	return {
		id: self.id,
		name: self.name,
		rigs: listRows(town.sql, rigs, "ORDER BY name").map((rig) => ({
			id: rig.id,
			name: rig.name,
			git_url: rig.git_url,
			default_branch: rig.default_branch,
			platform_integration_id: rig.platform_integration_id,
		})),
		summary: {
			health: health
				? { light: health.light, reason: health.reason, at: health.at }
				: { light: "unknown", reason: "Not looked at yet.", at: isoNow(town) },
			agents_working: counted?.working ?? 0,
			agents_total: counted?.total ?? 0,
			open_beads: open?.n ?? 0,
			container: { status: container?.status ?? "stopped", since: container?.since ?? null },
			last_activity_at: activity.at(-1) ?? null,
			at: isoNow(town),
		},
	};
}
