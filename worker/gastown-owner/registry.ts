import type { RigSummary, TownSummary } from "../../shared/directory/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { TownNews } from "../rpc.ts";

/** Towns and rigs of one owner, a user or an organisation. Times are ISO; `now` is the object's clock. */
export class OwnerRegistry {
	readonly #sql: Sql;
	readonly #owner: string;
	readonly #now: () => string;

	constructor(sql: Sql, owner: string, now: () => string) {
		this.#sql = sql;
		this.#owner = owner;
		this.#now = now;
	}

	/** Takes a town's word of itself. Its rigs are exactly those it names. */
	tell({ id, name, rigs, summary }: TownNews): void {
		const at = this.#now();
		this.#sql.run(
			`INSERT INTO user_towns (id, name, owner_user_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
			 ON CONFLICT (id) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at
			 WHERE name != excluded.name`,
			id,
			name,
			this.#owner,
			at,
			at,
		);
		this.#sql.run(
			"DELETE FROM user_rigs WHERE town_id = ? AND id NOT IN (SELECT value FROM json_each(?))",
			id,
			JSON.stringify(rigs.map((rig) => rig.id)),
		);
		for (const rig of rigs) this.#putRig(id, rig, at);
		this.#sql.run(
			"INSERT OR REPLACE INTO town_health (town_id, summary, at) VALUES (?, ?, ?)",
			id,
			JSON.stringify(summary),
			at,
		);
	}

	/** Everything the user page shows of this owner, in one read. A town that never told anything is unknown, not empty. */
	overview(): TownSummary[] {
		return this.#sql
			.all<{ id: string; name: string; summary: string | null }>(
				`SELECT t.id, t.name, h.summary FROM user_towns t LEFT JOIN town_health h ON h.town_id = t.id
				 ORDER BY t.created_at, t.id`,
			)
			.map(({ id, name, summary }) => ({
				id,
				name,
				summary: summary === null ? null : (JSON.parse(summary) as TownSummary["summary"]),
				reason: summary === null ? "This town has not told how it is yet." : null,
				rigs: this.#sql.all<RigSummary>(
					`SELECT id, name, git_url, default_branch, platform_integration_id FROM user_rigs
					 WHERE town_id = ? ORDER BY name, id`,
					id,
				),
			}));
	}

	#putRig(town: string, rig: RigSummary, at: string): void {
		this.#sql.run(
			`INSERT INTO user_rigs (id, town_id, name, git_url, default_branch, platform_integration_id, created_at, updated_at)
			 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			 ON CONFLICT (id) DO UPDATE SET name = excluded.name, git_url = excluded.git_url,
				default_branch = excluded.default_branch, platform_integration_id = excluded.platform_integration_id,
				updated_at = excluded.updated_at`,
			rig.id,
			town,
			rig.name,
			rig.git_url,
			rig.default_branch,
			rig.platform_integration_id,
			at,
			at,
		);
	}
}
