import { FEED_PING, FEED_REPLACED, type FeedState, type Subscribe } from "../../shared/protocol/index.ts";
import { logFailure } from "../log.ts";
import { backOffMs, FEED_TABLE, type FeedAction, type FeedEvent } from "./feed-machine.ts";
import { Hearing } from "./hearing.ts";
import { Joiner } from "./joiner.ts";
import { closeQuietly } from "./sockets.ts";
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
	/** Over how many milliseconds frames are joined now (SESSION-4). */
	joinMs: () => number;
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

/** One feed of a session: its socket and its state machine (SESSION-1, SESSION-2). */
export class Upstream {
	readonly #options: Options;
	readonly #hearing: Hearing;
	readonly #joiner: Joiner;
	#status: FeedState;
	#socket: WebSocket | null = null;
	/** Events of older sockets are not for us. */
	#generation = 0;
	#resubscribes = 0;
	#dueTimer: ReturnType<typeof setTimeout> | null = null;
	#pingTimer: ReturnType<typeof setInterval> | null = null;
	/** The source's clock less ours, as its last `head` told. */
	#skew: number | null = null;
	#horizon = 0;
	#waiters: (() => void)[] = [];

	constructor(options: Options) {
		this.#options = options;
		this.#hearing = new Hearing(options.tail);
		this.#joiner = new Joiner({
			ms: options.joinMs,
			head: () => options.tail.head,
			pass: (text) => this.#heard(text),
		});
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

	/** Oldest seq that the source still has, as it last told. */
	get horizon(): number {
		return this.#horizon;
	}

	want(): void {
		this.#fire("want", null);
	}

	drop(): void {
		this.#fire("drop", null);
	}

	/** Resolves with the next change of state, or after `ms`. */
	nextState(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#waiters.push(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}

	#fire(event: FeedEvent, reason: string | null): void {
		const before = this.#status;
		const { to, do: actions } = FEED_TABLE[before.state][event];
		if (to !== before.state)
			this.#status = {
				...before,
				state: to,
				since: this.#options.clock(),
				reason: to === "live" ? null : reason,
				attempt: to === "live" || to === "idle" ? 0 : before.attempt,
				next_at: null,
			};
		if (to === "idle") this.#stopPings();
		for (const action of actions) this.#act(action);
		if (to !== before.state) for (const told of this.#waiters.splice(0)) told();
		if (to !== before.state || actions.length > 0) this.#options.on.changed();
	}

	#act(action: FeedAction): void {
		if (action === "connect") void this.#connect();
		else if (action === "subscribe") this.#subscribe();
		else if (action === "hang_up") this.#hangUp();
		else if (action === "wait") this.#wait();
		else this.#unwait();
	}

	async #connect(): Promise<void> {
		const generation = ++this.#generation;
		const old = () => generation !== this.#generation;
		this.#status.attempt++;
		this.#pingTimer ??= setInterval(() => this.#tick(), PING_MS);
		try {
			const response = await this.#options.connect();
			const socket = response.webSocket;
			if (old()) closeQuietly(socket);
			else if (socket) this.#listen(socket, generation);
			else {
				const words = (await response.text()).slice(0, 200) || `answered ${response.status}`;
				if (!old()) this.#fire(response.status === 403 ? "denied" : "failed", words);
			}
		} catch (error) {
			if (!old()) this.#fire("failed", `could not be reached: ${wordsOf(error)}`);
		}
	}

	#listen(socket: WebSocket, generation: number): void {
		socket.accept();
		this.#socket = socket;
		const ended = (code: number, reason: string) => {
			if (generation !== this.#generation) return;
			this.#joiner.flush();
			this.#hangUp();
			if (code === FEED_REPLACED) this.#fire("replaced", "another instance of this session took over");
			else this.#fire("closed", reason || `closed with ${code}`);
		};
		socket.addEventListener("message", ({ data }) => {
			if (generation !== this.#generation || typeof data !== "string") return;
			this.#status.heard_at = this.#options.clock();
			this.#joiner.take(data);
		});
		socket.addEventListener("close", ({ code, reason }) => ended(code, reason));
		socket.addEventListener("error", () => ended(1006, "the connection broke"));
		this.#fire("opened", null);
	}

	#subscribe(): void {
		const { tail, begin } = this.#options;
		if (this.#resubscribes++ >= MAX_RESUBSCRIBES) {
			queueMicrotask(() => this.#fire("failed", "its log contradicts itself"));
			return;
		}
		this.#hearing.begin();
		const first = tail.head === null ? begin() : { cursor: tail.head };
		if (tail.head === null && first.cursor) tail.restart(first.cursor);
		this.#say(JSON.stringify({ t: "subscribe", ...first } satisfies Subscribe));
	}

	#heard(text: string): void {
		const { on } = this.#options;
		const heard = this.#hearing.hear(text);
		switch (heard.kind) {
			case "nothing":
				break;
			case "noise":
				logFailure("not a frame", { feed: this.#options.feed, characters: text.length });
				break;
			case "pulse":
				on.pulse(text);
				break;
			case "frame":
				this.#resubscribes = 0;
				on.frame(heard.frame);
				break;
			case "restart":
				on.restarted(heard.base);
				if (heard.frame) on.frame(heard.frame);
				break;
			case "gap":
				// Frames sent before a replay may still be on the line: then the `head` at its end tells.
				if (!this.live) break;
				this.#status.gaps++;
				this.#fire("behind", heard.reason);
				break;
			case "head":
				this.#skew = heard.now - this.#options.clock();
				this.#horizon = heard.horizon;
				if (heard.same) this.#resubscribes = 0;
				this.#fire(heard.same ? "at_head" : "behind", "its log has gone on from another place");
		}
	}

	#tick(): void {
		const { state, heard_at, since } = this.#status;
		if (state === "connecting" || state === "replaying" || state === "live") {
			const silence = this.#options.clock() - Math.max(heard_at ?? 0, since);
			if (silence >= SILENT_MS) this.#fire("silent", "no answer for 15 s");
			else this.#say(FEED_PING);
		}
	}

	#say(text: string): void {
		try {
			this.#socket?.send(text);
		} catch (error) {
			// Not within the transition that is being made.
			queueMicrotask(() => this.#fire("failed", wordsOf(error)));
		}
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

	#unwait(): void {
		if (this.#dueTimer !== null) clearTimeout(this.#dueTimer);
		this.#dueTimer = null;
	}

	#hangUp(): void {
		this.#generation++;
		this.#joiner.clear();
		closeQuietly(this.#socket);
		this.#socket = null;
	}

	#stopPings(): void {
		if (this.#pingTimer !== null) clearInterval(this.#pingTimer);
		this.#pingTimer = null;
		this.#resubscribes = 0;
	}
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
