/**
 * At most so many upgrades at once (SESSION-1): Cloudflare allows a Durable Object six connections that wait for their answer.
 * A slot is held only until the upgrade is answered.
 */
export class UpgradeSlots {
	readonly #waiting: (() => void)[] = [];
	#free: number;

	constructor(slots = 6) {
		this.#free = slots;
	}

	async run<T>(upgrade: () => Promise<T>): Promise<T> {
		if (this.#free > 0) this.#free--;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await upgrade();
		} finally {
			// The slot goes straight to the next in line, so that nobody can take it in between.
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free++;
		}
	}
}
