import type { RigSummary, TownSummary } from "../../shared/directory/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { TownNews } from "../rpc.ts";

export type OwnedTown = {
	id: string;
	name: string;
	owner_user_id: string;
	created_at: string;
	updated_at: string;
};
export type OwnedRig = RigSummary & { town_id: string; created_at: string; updated_at: string };

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

	createTown({ id, name }: { id: string; name: string }): OwnedTown {
		const at = this.#now();
		this.#sql.run(
			`INSERT INTO user_towns VALUES (?, ?, ?, ?, ?)
			 ON CONFLICT (id) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at
			 WHERE name != excluded.name`,
			id,
			name,
			this.#owner,
			at,
			at,
		);
		return this.getTown(id) as OwnedTown;
	}

	getTown(id: string): OwnedTown | null {
		return this.#sql.one<OwnedTown>("SELECT * FROM user_towns WHERE id = ?", id);
	}

	listTowns(): OwnedTown[] {
		return this.#sql.all<OwnedTown>("SELECT * FROM user_towns ORDER BY created_at, id");
	}

	/** Removes a town from the list with its rigs; the town's own object is not touched. */
	deleteTown(id: string): boolean {
		const there = this.getTown(id) !== null;
		this.#sql.run("DELETE FROM user_rigs WHERE town_id = ?", id);
		this.#sql.run("DELETE FROM town_health WHERE town_id = ?", id);
		this.#sql.run("DELETE FROM user_towns WHERE id = ?", id);
		return there;
	}

	createRig(townId: string, rig: RigSummary): OwnedRig {
		const at = this.#now();
		this.#sql.run(
			`INSERT INTO user_rigs (id, town_id, name, git_url, default_branch, platform_integration_id, created_at, updated_at)
			 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			 ON CONFLICT (id) DO UPDATE SET name = excluded.name, git_url = excluded.git_url,
				default_branch = excluded.default_branch, platform_integration_id = excluded.platform_integration_id,
				updated_at = excluded.updated_at`,
			rig.id,
			townId,
			rig.name,
			rig.git_url,
			rig.default_branch,
			rig.platform_integration_id,
			at,
			at,
		);
		return this.getRig(rig.id) as OwnedRig;
	}

	getRig(id: string): OwnedRig | null {
		return this.#sql.one<OwnedRig>("SELECT * FROM user_rigs WHERE id = ?", id);
	}

	listRigs(townId: string): OwnedRig[] {
		return this.#sql.all<OwnedRig>("SELECT * FROM user_rigs WHERE town_id = ? ORDER BY name, id", townId);
	}

	deleteRig(id: string): boolean {
		const there = this.getRig(id) !== null;
		this.#sql.run("DELETE FROM user_rigs WHERE id = ?", id);
		return there;
	}

	/** Takes a town's word of itself. Its rigs are exactly those it names. */
	tell(news: TownNews): void {
		this.createTown(news);
		const named = new Set(news.rigs.map((rig) => rig.id));
		for (const rig of this.listRigs(news.id)) if (!named.has(rig.id)) this.deleteRig(rig.id);
		for (const rig of news.rigs) this.createRig(news.id, rig);
		this.#sql.run(
			"INSERT OR REPLACE INTO town_health (town_id, summary, at) VALUES (?, ?, ?)",
			news.id,
			JSON.stringify(news.summary),
			this.#now(),
		);
	}

	/** Everything the user page shows of this owner, in one read. A town that never told anything is unknown, not empty. */
	overview(): TownSummary[] {
		return this.listTowns().map((town) => {
			const told = this.#sql.one<{ summary: string }>(
				"SELECT summary FROM town_health WHERE town_id = ?",
				town.id,
			);
			return {
				id: town.id,
				name: town.name,
				summary: told && (JSON.parse(told.summary) as TownSummary["summary"]),
				reason: told ? null : "This town has not told how it is yet.",
				rigs: this.listRigs(town.id).map((rig) => ({
					id: rig.id,
					name: rig.name,
					git_url: rig.git_url,
					default_branch: rig.default_branch,
					platform_integration_id: rig.platform_integration_id,
				})),
			};
		});
	}
}
