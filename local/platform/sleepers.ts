import { setTimeout as pause } from "node:timers/promises";
import type { Gate } from "./gate.ts";

const LOOK_MS = 250;

/** Containers that are put to sleep as Cloudflare's are: after a time without requests, whoever works in them. */
export class Sleepers {
	readonly #towns = new Set<string>();
	/** Milliseconds, by town; nothing before the town has said it of what runs now. */
	readonly #after = new Map<string, number>();

	add(town: string): void {
		this.#towns.add(town);
	}

	after(town: string, ms: number): void {
		this.#after.set(town, ms);
	}

	/** Calls `sleep` when nothing has come through the gate for as long as may be; ends with the instance. */
	async watch(
		town: string,
		gate: Gate | undefined,
		ended: Promise<void>,
		sleep: () => unknown,
	): Promise<void> {
		if (!this.#towns.has(town) || !gate) return;
		this.#after.delete(town);
		gate.usedAt = Date.now();
		const end = ended.then(() => true);
		while (!(await Promise.race([end, pause(LOOK_MS, false)])))
			if (Date.now() - gate.usedAt >= (this.#after.get(town) ?? Number.POSITIVE_INFINITY))
				return void sleep();
	}
}
