import type { Down, LedgerEntry } from "../../shared/protocol/index.ts";
import type { Viewers } from "./viewer.ts";

/** What goes to everybody who has said `hello`, besides the feeds' frames. */
export class Broadcast {
	readonly #viewers: Viewers;
	/** Ledger rows written in this turn, told at its end. */
	#entries: LedgerEntry[] = [];
	#pulse: string | null = null;

	constructor(viewers: Viewers) {
		this.#viewers = viewers;
	}

	/** The newest pulse, for who comes later. */
	get newestPulse(): string | null {
		return this.#pulse;
	}

	/** A new ledger row. */
	entry(entry: LedgerEntry): void {
		this.#entries.push(entry);
		if (this.#entries.length > 1) return;
		queueMicrotask(() => {
			const text = JSON.stringify({ t: "intervention", entries: this.#entries } satisfies Down);
			this.#entries = [];
			for (const viewer of this.#viewers.values()) if (viewer.greeted) viewer.send(text);
		});
	}

	/** Newest only, no history promised (FEED-9): who has no credit left gets the next one. */
	pulse(text: string): void {
		this.#pulse = text;
		for (const viewer of this.#viewers.values())
			if (viewer.greeted && viewer.credit > 0) viewer.sendCharged(text);
	}
}
