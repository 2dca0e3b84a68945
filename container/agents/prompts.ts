import { wait } from "../wait.ts";
import type { SdkEvent } from "./agent-session.ts";

/** A server that does not show a message within this is not waited for any longer. */
const SHOWN_MS = 20_000;

/**
 * Puts messages into a session one after the other, each until the session shows it: the real servers answer before they have taken it,
 * and a second one that comes then may get before the first.
 */
export class Prompts {
	readonly #send: (text: string) => Promise<void>;
	#last: Promise<void> = Promise.resolve();
	#awaited: { since: number; shown: AbortController } | null = null;

	constructor(send: (text: string) => Promise<void>) {
		this.#send = send;
	}

	/** Sees every event of the session. */
	saw({ type, properties }: SdkEvent): void {
		if (!this.#awaited) return;
		const { info } = properties as { info?: { role?: string; time?: { created?: number } } };
		const isNew = info?.role === "user" && (info.time?.created ?? 0) >= this.#awaited.since;
		// A message that the server cannot take becomes an error.
		if ((type === "message.updated" && isNew) || type === "session.error") this.#awaited.shown.abort();
	}

	/** Rejects where the server refuses it. */
	put(text: string): Promise<void> {
		const mine = this.#last.then(() => this.#put(text));
		this.#last = mine.catch(() => undefined);
		return mine;
	}

	/** The server has ended: nothing will be shown any more. */
	close(): void {
		this.#awaited?.shown.abort();
	}

	async #put(text: string): Promise<void> {
		const shown = new AbortController();
		this.#awaited = { since: Date.now(), shown };
		await this.#send(text);
		await wait(SHOWN_MS, shown.signal).catch(() => undefined);
		this.#awaited = null;
	}
}
