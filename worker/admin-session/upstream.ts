import {
	envelopeOf,
	FEED_PING,
	FEED_REPLACED,
	type FeedState,
	type Head,
	type Position,
	type Subscribe,
} from "../../shared/protocol/index.ts";
import { backOffMs, FEED_TABLE, type FeedAction, type FeedEvent } from "./feed-machine.ts";
import type { Base, Tail, TailFrame } from "./tail.ts";

/** The source answers these without waking (SESSION-6). */
const PING_MS = 5_000;
/** Three pings without an answer: the socket is dead, though nobody said so. */
const SILENT_MS = 15_000;
/** Subscriptions in a row that brought nothing further: the source contradicts itself, so start again after a wait. */
const MAX_RESUBSCRIBES = 3;

type Options = {
	/** `town`, or an agent's id. */
	feed: string;
	/** Asks for the upgrade; waits for a free slot itself. */
	connect(): Promise<Response>;
	/** Where to begin while the tail is empty: a viewer's cursor, or null for a whole state (a stream: its very end). */
	begin(): Pick<Subscribe, "cursor" | "tail_bytes">;
	tail: Tail;
	clock: () => number;
	random: () => number;
	on: {
		/** A frame that follows the head; it is in the tail already. */
		frame(frame: TailFrame): void;
		/** The tail went on from another place: cursors proven before are not proven now. */
		restarted(base: Base | null): void;
		pulse(text: string): void;
		/** The feed's state has changed: viewers are told (SESSION-2). */
		changed(): void;
	};
};

/** One feed of a session: its socket, its state machine and what it hears (SESSION-1, SESSION-2). */
export class Upstream {
	readonly #options: Options;
	#status: FeedState;
	#socket: WebSocket | null = null;
	/** Events of older sockets are not for us. */
	#generation = 0;
	#resubscribes = 0;
	#chunks: string[] = [];
	#dueTimer: ReturnType<typeof setTimeout> | null = null;
	#pingTimer: ReturnType<typeof setInterval> | null = null;
	/** The source's clock less ours, as its last `head` told. */
	#skew: number | null = null;
	#horizon = 0;

	constructor(options: Options) {
		this.#options = options;
		this.#status = {
			feed: options.feed,
			state: "idle",
			since: options.clock(),
			heard_at: null,
			attempt: 0,
			next_at: null,
			reason: null,
			gaps: 0,
		};
	}

	get status(): FeedState {
		return this.#status;
	}

	get live(): boolean {
		return this.#status.state === "live";
	}

	/** The source's clock now, epoch milliseconds; null before its first word. */
	get sourceNow(): number | null {
		return this.#skew === null ? null : this.#options.clock() + this.#skew;
	}

	/** Oldest seq that the source still has. */
	get horizon(): number {
		return this.#horizon;
	}

	want(): void {
		this.#fire("want", null);
	}

	drop(): void {
		this.#fire("drop", null);
	}

	#fire(event: FeedEvent, reason: string | null): void {
		const before = this.#status;
		const { to, do: actions } = FEED_TABLE[before.state][event];
		if (to !== before.state) {
			this.#status = {
				...before,
				state: to,
				since: this.#options.clock(),
				reason: to === "live" ? null : reason,
			};
			if (to === "live") this.#status.attempt = 0;
			if (to !== "waiting") this.#status.next_at = null;
			if (to === "idle") this.#stop();
		}
		for (const action of actions) this.#act(action);
		if (to !== before.state || actions.length > 0) this.#options.on.changed();
	}

	#act(action: FeedAction): void {
		switch (action) {
			case "connect":
				void this.#connect();
				return;
			case "subscribe":
				return this.#subscribe();
			case "hang_up":
				return this.#hangUp();
			case "wait":
				return this.#wait();
			case "unwait":
				if (this.#dueTimer !== null) clearTimeout(this.#dueTimer);
				this.#dueTimer = null;
				return;
		}
	}

	async #connect(): Promise<void> {
		const generation = ++this.#generation;
		this.#status.attempt++;
		this.#pingTimer ??= setInterval(() => this.#tick(), PING_MS);
		let response: Response;
		try {
			response = await this.#options.connect();
		} catch (error) {
			if (generation === this.#generation) this.#fire("failed", `could not be reached: ${wordsOf(error)}`);
			return;
		}
		const socket = response.webSocket;
		if (generation !== this.#generation) return closeQuietly(socket);
		if (!socket) {
			const words = (await response.text().catch(() => "")).slice(0, 200);
			this.#fire(response.status === 403 ? "denied" : "failed", words || `answered ${response.status}`);
			return;
		}
		socket.accept();
		this.#socket = socket;
		socket.addEventListener("message", ({ data }) => {
			if (generation === this.#generation && typeof data === "string") this.#heard(data);
		});
		const ended = (code: number, reason: string) => {
			if (generation !== this.#generation) return;
			this.#generation++;
			closeQuietly(socket);
			this.#socket = null;
			if (code === FEED_REPLACED) this.#fire("replaced", "another session took over");
			else this.#fire("closed", reason || `closed with ${code}`);
		};
		socket.addEventListener("close", ({ code, reason }) => ended(code, reason));
		socket.addEventListener("error", () => ended(1006, "the connection broke"));
		this.#fire("opened", null);
	}

	#subscribe(): void {
		if (this.#resubscribes++ >= MAX_RESUBSCRIBES)
			return queueMicrotask(() => this.#fire("failed", "its log contradicts itself"));
		const { tail, begin } = this.#options;
		this.#chunks = [];
		const first = tail.head === null ? begin() : { cursor: tail.head };
		if (tail.head === null && first.cursor) tail.restart(first.cursor);
		try {
			this.#socket?.send(JSON.stringify({ t: "subscribe", ...first } satisfies Subscribe));
		} catch (error) {
			queueMicrotask(() => this.#fire("failed", wordsOf(error)));
		}
	}

	#heard(text: string): void {
		this.#status.heard_at = this.#options.clock();
		const envelope = envelopeOf(text);
		if (!envelope) return console.error("not a frame", this.#options.feed, text.slice(0, 200));
		const { tail, on } = this.#options;
		switch (envelope.t) {
			case "pong":
				return;
			case "pulse":
				return on.pulse(text);
			case "head":
				return this.#head(envelope);
			case "state": {
				if (envelope.part !== this.#chunks.length) return;
				this.#chunks.push(text);
				if (!envelope.last) return;
				const chunks = this.#chunks;
				this.#chunks = [];
				tail.restart(envelope.position);
				on.restarted({
					position: envelope.position,
					chunks,
					size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
				});
				return;
			}
			case "stream":
				if (envelope.reset) {
					// The mark before a stream's first frame is not told: cursors there are proven by a page.
					const empty = envelope.to < envelope.from;
					const { epoch } = envelope;
					tail.restart(
						empty
							? { epoch, seq: envelope.to, mark: envelope.mark }
							: { epoch, seq: envelope.from - 1, mark: "" },
					);
					on.restarted(null);
				}
				this.#horizon = envelope.horizon;
				return this.#frame(envelope, text);
			case "changes":
				return this.#frame(envelope, text);
		}
	}

	#frame(
		{ epoch, from, to, mark }: { epoch: string; from: number; to: number; mark: string },
		text: string,
	): void {
		const { tail, on } = this.#options;
		if (to < from) return;
		if (tail.head?.epoch === epoch && to <= tail.head.seq) return;
		if (tail.head?.epoch === epoch && from === tail.head.seq + 1) {
			this.#resubscribes = 0;
			return on.frame(tail.append({ from, to, mark, text }));
		}
		// While a replay is under way, frames sent before it are on the line still; the `head` at its end tells.
		if (!this.live) return;
		this.#status.gaps++;
		this.#fire("behind", `a frame from ${from} does not follow ${tail.head?.seq}`);
	}

	#head({ position, horizon, now }: Head): void {
		const { tail, clock } = this.#options;
		this.#skew = now - clock();
		this.#horizon = horizon;
		const known = tail.head;
		const here = known?.epoch === position.epoch && known.seq === position.seq;
		// A stream that was empty, or whose mark was not told, is known from here on.
		if (!known || (here && known.mark === "" && tail.length === 0)) tail.restart(position);
		if (tail.head && samePosition(tail.head, position)) {
			this.#resubscribes = 0;
			this.#fire("at_head", null);
		} else this.#fire("behind", "its log has gone on from another place");
	}

	#tick(): void {
		const { state, heard_at, since } = this.#status;
		const heard = Math.max(heard_at ?? 0, since);
		if (state === "connecting" || state === "replaying" || state === "live") {
			if (this.#options.clock() - heard >= SILENT_MS) return this.#fire("silent", "no answer for 15 s");
			try {
				this.#socket?.send(FEED_PING);
			} catch {
				this.#fire("failed", "the connection broke");
			}
		}
		this.#options.on.changed();
	}

	#wait(): void {
		const wait = backOffMs(this.#status.attempt, this.#options.random());
		this.#resubscribes = 0;
		this.#status.next_at = this.#options.clock() + wait;
		this.#dueTimer = setTimeout(() => {
			this.#dueTimer = null;
			this.#fire("due", null);
		}, wait);
	}

	#hangUp(): void {
		this.#generation++;
		closeQuietly(this.#socket);
		this.#socket = null;
	}

	#stop(): void {
		if (this.#pingTimer !== null) clearInterval(this.#pingTimer);
		this.#pingTimer = null;
		this.#resubscribes = 0;
		this.#status.attempt = 0;
	}
}

export const samePosition = (a: Position, b: Position): boolean =>
	a.epoch === b.epoch && a.seq === b.seq && a.mark === b.mark;

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Closes a socket that may be closed, or was never accepted. */
export function closeQuietly(socket: WebSocket | null): void {
	if (!socket) return;
	try {
		socket.accept();
	} catch {
		// Accepted before.
	}
	try {
		socket.close(1000, "");
	} catch {
		// Closed from the other side.
	}
}
