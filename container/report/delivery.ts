import type { Item, Spool } from "./spool.ts";
import { problemIn, type WorkerAnswer } from "./worker-client.ts";

/** Streams that are sent at the same time. */
const AT_ONCE = 8;
const LONGEST_MS = 5_000;
const retryMs = (failures: number): number => Math.min(100 * 2 ** failures, LONGEST_MS);

type Options = {
	spool: Spool;
	post: (item: Item) => Promise<WorkerAnswer>;
	/** The worker will never take it: told, and gone. */
	onRefused: (item: Item, problem: { code: string; message: string }) => void;
	/** What the worker answered to a report that it took. */
	onTaken: (item: Item, body: unknown) => void;
};

/** Sends what is spooled: each stream in its order, one report at a time, again until the worker has answered (CONTAINER-2). */
export class Delivery {
	readonly #options: Options;
	readonly #busy = new Set<string>();
	readonly #failures = new Map<string, number>();
	readonly #timers = new Set<NodeJS.Timeout>();
	readonly #empty = new EventTarget();
	#ended = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Sends whatever can be sent now. To be called after each `append`. */
	kick(): void {
		if (this.#ended) return;
		const free = AT_ONCE - this.#busy.size;
		if (free <= 0) return;
		for (const item of this.#options.spool.heads(this.#busy, free)) void this.#send(item);
	}

	/** Resolves when nothing waits any more, or after `ms`. */
	async flush(ms: number): Promise<void> {
		const deadline = Date.now() + ms;
		this.kick();
		while (this.#options.spool.waiting().waiting > 0 && Date.now() < deadline)
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, Math.min(200, Math.max(1, deadline - Date.now())));
				const taken = () => {
					clearTimeout(timer);
					resolve();
				};
				this.#empty.addEventListener("taken", taken, { once: true });
			});
	}

	end(): void {
		this.#ended = true;
		for (const timer of this.#timers) clearTimeout(timer);
	}

	async #send(item: Item): Promise<void> {
		const { spool, post, onRefused, onTaken } = this.#options;
		const { stream } = item;
		this.#busy.add(stream);
		const answer = await post(item);
		if (this.#ended) return;
		const { status, body } = answer;
		if (mayBeTakenLater(status)) {
			const failures = (this.#failures.get(stream) ?? 0) + 1;
			this.#failures.set(stream, failures);
			const timer = setTimeout(() => {
				this.#timers.delete(timer);
				this.#busy.delete(stream);
				this.kick();
			}, retryMs(failures));
			this.#timers.add(timer);
			return;
		}
		this.#failures.delete(stream);
		spool.remove(item);
		this.#busy.delete(stream);
		if (status < 300) onTaken(item, body);
		else onRefused(item, problemIn(body));
		this.#empty.dispatchEvent(new Event("taken"));
		this.kick();
	}
}

/** Not reached, overloaded, failing, or a token that will be replaced. */
const mayBeTakenLater = (status: number): boolean =>
	status === 0 || status === 401 || status === 429 || status >= 500;
