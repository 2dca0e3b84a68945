import type { DurableObject } from "cloudflare:workers";
import type { TownSummary } from "../../shared/directory/index.ts";
import { OwnerRegistry } from "../gastown-owner/registry.ts";
import { createHealth } from "../gastown-owner/tables.ts";
import { sqlOf } from "../live-ops/index.ts";
import type { OwnerRpc } from "../rpc.ts";
import { type HostClass, type HostOf, refuseSameNames } from "./host-class.ts";

/** What the console asks of an owner's object: the user page lists its towns. */
export type AttachedOwnerRpc = Pick<OwnerRpc, "overview">;

/** A GastownUserDO or GastownOrgDO that can be listed: its own `user_towns` and `user_rigs`, read as they stand. */
export function liveOwner<C extends HostClass>(
	Host: C,
): C & (new (...args: ConstructorParameters<C>) => HostOf<C> & AttachedOwnerRpc) {
	class LiveOwner extends (Host as unknown as typeof DurableObject<unknown>) implements AttachedOwnerRpc {
		async overview(): Promise<TownSummary[]> {
			const { storage, id } = this.ctx;
			const sql = sqlOf(storage);
			createHealth(sql);
			const now = () => new Date().toISOString();
			return new OwnerRegistry(sql, id.name ?? id.toString(), now).overview();
		}
	}
	refuseSameNames(Host, LiveOwner);
	return LiveOwner as never;
}
