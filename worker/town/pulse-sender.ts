/** A sample every quarter of a second is as live as anybody reads; logs can come a hundred times as often. */
const PULSE_MS = 250;

type Options = {
	/** Epoch milliseconds. */
	clock: () => number;
	/** Somebody would see it. */
	wanted: () => boolean;
	/** Sends what is newest then. */
	send: () => void;
};

/** Sends the first pulse at once and then at most one in 250 ms, which says what is newest then (FEED-9). */
export class PulseSender {
	readonly #options: Options;
	#sentAt = Number.NEGATIVE_INFINITY;
	#timer: ReturnType<typeof setTimeout> | null = null;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Something that is only shown live has changed. */
	changed(): void {
		if (this.#timer !== null || !this.#options.wanted()) return;
		const since = this.#options.clock() - this.#sentAt;
		if (since >= PULSE_MS) this.#send();
		else this.#timer = setTimeout(() => this.#send(), PULSE_MS - Math.max(0, since));
	}

	#send(): void {
		this.#timer = null;
		this.#sentAt = this.#options.clock();
		this.#options.send();
	}
}
