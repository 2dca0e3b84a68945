import { closeQuietly } from "./sockets.ts";

/** An upgrade that is not answered by then gives its slot to others; the feed tries again later. */
const ANSWER_MS = 15_000;

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

	/** Asks for an upgrade when there is a slot. Rejects when it is not answered in 15 s; a later answer is hung up. */
	async run(upgrade: () => Promise<Response>): Promise<Response> {
		if (this.#free > 0) this.#free--;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		let late = false;
		let timer: ReturnType<typeof setTimeout> | null = null;
		try {
			const answer = upgrade();
			const tooLate = new Promise<never>((_, reject) => {
				timer = setTimeout(() => {
					late = true;
					reject(new Error("no answer within 15 s"));
				}, ANSWER_MS);
			});
			answer.then(
				({ webSocket }) => late && closeQuietly(webSocket),
				() => {},
			);
			return await Promise.race([answer, tooLate]);
		} finally {
			if (timer !== null) clearTimeout(timer);
			// The slot goes straight to the next in line, so that nobody can take it in between.
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free++;
		}
	}
}
