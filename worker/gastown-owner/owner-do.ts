import { DurableObject } from "cloudflare:workers";
import type { RigSummary, TownSummary } from "../../shared/directory/index.ts";
import { sqlOf } from "../live-ops/index.ts";
import type { OwnerRpc, TownNews } from "../rpc.ts";
import { type OwnedRig, type OwnedTown, OwnerRegistry } from "./registry.ts";
import { createTables } from "./tables.ts";

/** What GastownUserDO and GastownOrgDO have in common: the towns of one owner, with Gastown's methods (domain.md §1.2). */
export class OwnerDO extends DurableObject<Env> implements OwnerRpc {
	/** Epoch milliseconds; tests move it. */
	clock: () => number = Date.now;
	readonly #registry: OwnerRegistry;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const sql = sqlOf(ctx.storage);
		createTables(sql);
		const owner = ctx.id.name ?? ctx.id.toString();
		this.#registry = new OwnerRegistry(sql, owner, () => new Date(this.clock()).toISOString());
	}

	async createTown(town: { id: string; name: string }): Promise<OwnedTown> {
		return this.#registry.createTown(town);
	}
	async getTownAsync(id: string): Promise<OwnedTown | null> {
		return this.#registry.getTown(id);
	}
	async listTowns(): Promise<OwnedTown[]> {
		return this.#registry.listTowns();
	}
	async deleteTown(id: string): Promise<boolean> {
		return this.#registry.deleteTown(id);
	}
	async createRig(townId: string, rig: RigSummary): Promise<OwnedRig> {
		return this.#registry.createRig(townId, rig);
	}
	async getRigAsync(id: string): Promise<OwnedRig | null> {
		return this.#registry.getRig(id);
	}
	async listRigs(townId: string): Promise<OwnedRig[]> {
		return this.#registry.listRigs(townId);
	}
	async deleteRig(id: string): Promise<boolean> {
		return this.#registry.deleteRig(id);
	}
	async ping(): Promise<true> {
		return true;
	}
	/** A town's newest word of itself; called by the town only. */
	async tellTown(news: TownNews): Promise<void> {
		this.#registry.tell(news);
	}
	/** All towns with rigs and health, in one read: the user page asks one object, not one per town. */
	async overview(): Promise<TownSummary[]> {
		return this.#registry.overview();
	}
}
