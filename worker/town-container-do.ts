import { DurableObject } from "cloudflare:workers";
import { type StopAnswer, stopAgent } from "./town/control.ts";
import type { StopOrder } from "./town/interventions/interventions.ts";

/** The container of a town. Nothing here wakes it but what is meant to act on it (FEED-9). */
export class TownContainerDO extends DurableObject<Env> {
	/** Stops an agent's session and process, once for each key. Errors are values. */
	async stopAgent(order: StopOrder): Promise<StopAnswer> {
		const town = this.ctx.id.name ?? this.ctx.id.toString();
		return stopAgent(this.env.CONTAINER_CONTROL_URL, { town, ...order });
	}
}
