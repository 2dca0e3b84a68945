import { DurableObject } from "cloudflare:workers";
import type { TownSummary } from "../../shared/directory/index.ts";
import { sqlOf } from "../live-ops/index.ts";
import type { OwnerRpc, TownNews } from "../rpc.ts";
import { OwnerRegistry } from "./registry.ts";
import { createTables } from "./tables.ts";

/** What GastownUserDO and GastownOrgDO have in common: the towns of one owner, as the towns tell them. */
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

	/** A town's newest word of itself; called by the town only. */
	async tellTown(news: TownNews): Promise<void> {
		this.#registry.tell(news);
	}
	/** All towns with rigs and health, in one read: the user page asks one object, not one per town. */
	async overview(): Promise<TownSummary[]> {
		return this.#registry.overview();
	}
}
