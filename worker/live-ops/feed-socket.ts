import {
	CLOSE,
	FEED_PATH,
	FEED_PING,
	FEED_PONG,
	FEED_REPLACED,
	type Head,
	LIMITS,
	type Position,
	replyCode,
	SUBSCRIBER_HEADER,
	type Subscribe,
	subscribe,
} from "../../shared/protocol/index.ts";
import { logFailure } from "../log.ts";

/** What a feed socket shows: a change log, or an agent's stream. All calls are synchronous reads. */
export type FeedSource = {
	head(): Position;
	/** Oldest seq from which changes can still be given. */
	horizon(): number;
	/** What brings this subscriber to the head: what follows its cursor, or a whole state (FEED-2, FEED-3). */
	replay(subscription: Subscribe): Replay;
	/** Frames of everything after `seq`, up to the head; read as far as they are sent, for all sockets at the same place. */
	after(seq: number): Iterable<SentFrame>;
};

/** `after`: the frames that follow it, in as many turns as they take. `texts`: what is to be read within one turn. */
export type Replay = { after: number } | { texts: Iterable<string> };

/** The changes or events from `from` to `to`. */
type SentFrame = { from: number; to: number; text: string };

/**
 * What is sent to one socket in one turn, about, in characters: a subscriber that is far behind takes several, a frame's
 * time apart, so that neither the object's other work nor its memory waits for it (FEED-3).
 */
const TURN_CHARACTERS = 4 * LIMITS.chunkBytes;

/** What a feed needs of its object: of one that is attached, as it was before it was hooked. */
export type SocketHost = Pick<
	DurableObjectState,
	"acceptWebSocket" | "getWebSockets" | "getTags" | "getWebSocketAutoResponse" | "setWebSocketAutoResponse"
>;

type Options = {
	ctx: SocketHost;
	/** Epoch milliseconds. */
	clock: () => number;
	/** Tag of these sockets, so that a host may have others. */
	tag: string;
	source: FeedSource;
	/** Runs `then` after so many milliseconds; tests hold the time. */
	later?: (then: () => void, ms: number) => void;
};

/** Where a subscribed socket stands: everything up to `seq` was sent to it. Behind the head while `replaying`. */
type Place = { seq: number; replaying: boolean };

/** Who and which feed; never positions (FEED-8). */
type Attachment = { subscriber: string; subscribed: boolean };

/**
 * Hibernating feed sockets of one Durable Object (FEED-3, FEED-8). What a subscriber sees: after `subscribe` the replay,
 * then `head`, then live frames. When the object wakes it sends `head` to each subscribed socket and goes on from there:
 * a subscriber behind that position subscribes again, and drops what does not follow its own position until then.
 */
export class FeedSocket {
	readonly #ctx: SocketHost;
	readonly #clock: () => number;
	readonly #tag: string;
	readonly #source: FeedSource;
	readonly #later: NonNullable<Options["later"]>;
	readonly #sent = new Map<WebSocket, Place>();
	#flushing = false;
	#dirty = false;
	#cooling = false;

	/** Greets the sockets that outlived the previous instance; the source must be readable by now. */
	constructor({ ctx, clock, tag, source, later = (then, ms) => void setTimeout(then, ms) }: Options) {
		this.#ctx = ctx;
		this.#clock = clock;
		this.#tag = tag;
		this.#source = source;
		this.#later = later;
		if (ctx.getWebSocketAutoResponse() === null)
			ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(FEED_PING, FEED_PONG));
		this.greet();
	}

	/** Tells every subscribed socket the head, from where it goes on: who stands elsewhere subscribes again. */
	greet(): void {
		const open = this.#ctx.getWebSockets(this.#tag).filter((ws) => attachmentOf(ws)?.subscribed);
		if (open.length === 0) return;
		const { seq } = this.#source.head();
		const greeting = this.#headText();
		for (const ws of open) {
			this.#sent.set(ws, { seq, replaying: false });
			this.#send(ws, greeting);
		}
	}

	/** True while somebody listens: producers may then be asked to report more often. */
	get followed(): boolean {
		return this.#sent.size > 0;
	}

	/** Answers an upgrade at FEED_PATH. A newer socket of the same subscriber closes the older. */
	fetch(request: Request): Response {
		if (new URL(request.url).pathname !== FEED_PATH) return new Response("not found", { status: 404 });
		if (request.headers.get("upgrade")?.toLowerCase() !== "websocket")
			return new Response("expected a websocket upgrade", { status: 426 });
		const subscriber = request.headers.get(SUBSCRIBER_HEADER);
		if (!subscriber) return new Response(`missing header ${SUBSCRIBER_HEADER}`, { status: 400 });
		for (const older of this.#ctx.getWebSockets(this.#tag)) {
			if (attachmentOf(older)?.subscriber !== subscriber) continue;
			this.#drop(older, FEED_REPLACED, "a newer subscription of this session");
		}
		const { 0: client, 1: server } = new WebSocketPair();
		this.#ctx.acceptWebSocket(server, [this.#tag]);
		attach(server, { subscriber, subscribed: false });
		return new Response(null, { status: 101, webSocket: client });
	}

	/** True when the socket is one of this feed's, and so handled. Never throws on what came in. */
	webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): boolean {
		if (!this.#owns(ws)) return false;
		// Sent before the peer heard that we closed it.
		if (attachmentOf(ws) === null) return true;
		if (message === FEED_PING) {
			this.#send(ws, FEED_PONG);
			return true;
		}
		const subscription = parse(message);
		if (subscription) this.#subscribe(ws, subscription);
		else this.#drop(ws, CLOSE.badMessage, "expected a subscribe message");
		return true;
	}

	/** True when the socket was one of this feed's. Always answers the close: workerd does not in every setting. */
	webSocketClose(ws: WebSocket, code: number): boolean {
		if (!this.#owns(ws)) return false;
		this.#drop(ws, replyCode(code), "");
		return true;
	}

	/** True when the socket was one of this feed's. */
	webSocketError(ws: WebSocket): boolean {
		return this.webSocketClose(ws, 1011);
	}

	/**
	 * Says that the source has grown. The first frame goes out at the end of this turn, so the output gate holds it until
	 * the write is durable (FEED-7), after that one per LIMITS.frameMs by a one-shot timer; none when idle (FEED-8).
	 */
	publish(): void {
		if (this.#sent.size === 0) return;
		this.#dirty = true;
		if (this.#cooling || this.#flushing) return;
		this.#flushing = true;
		// Not within the caller's transactionSync: it may still roll back what would be sent.
		queueMicrotask(() => {
			this.#flushing = false;
			this.#flush();
		});
	}

	/** Sends an unlogged text to every subscribed socket (FEED-9). */
	broadcast(text: string): void {
		for (const ws of [...this.#sent.keys()]) this.#send(ws, text);
	}

	#subscribe(ws: WebSocket, subscription: Subscribe): void {
		try {
			const replay = this.#source.replay(subscription);
			// Before the replay: an object that ends within it greets the socket, which then subscribes again.
			const attachment = attachmentOf(ws);
			if (attachment && !attachment.subscribed) attach(ws, { ...attachment, subscribed: true });
			if ("texts" in replay) for (const text of replay.texts) ws.send(text);
			const { seq } = this.#source.head();
			this.#sent.set(ws, { seq: "after" in replay ? replay.after : seq, replaying: true });
			this.#advance(ws, new Map());
			if (this.#dirty && !this.#cooling && !this.#flushing) this.#cool();
		} catch (error) {
			this.#fail(ws, error);
		}
	}

	#flush(): void {
		if (!this.#dirty || this.#sent.size === 0) return;
		this.#dirty = false;
		this.#cool();
		const built = new Map<number, SentFrame[]>();
		for (const ws of [...this.#sent.keys()])
			try {
				this.#advance(ws, built);
			} catch (error) {
				this.#fail(ws, error);
			}
	}

	#cool(): void {
		this.#cooling = true;
		this.#later(() => {
			this.#cooling = false;
			this.#flush();
		}, LIMITS.frameMs);
	}

	/** Sends one turn's worth of what the socket lacks, and `head` when a replay has come to it. `built`: what was read in this turn. */
	#advance(ws: WebSocket, built: Map<number, SentFrame[]>): void {
		const place = this.#sent.get(ws);
		if (!place) return;
		const { seq } = this.#source.head();
		const frames = place.seq < seq ? (built.get(place.seq) ?? this.#read(place.seq)) : [];
		built.set(place.seq, frames);
		for (const { text } of frames) ws.send(text);
		const reached = frames.at(-1)?.to ?? place.seq;
		const behind = reached < seq;
		if (behind) this.#dirty = true;
		if (place.replaying && !behind) this.#send(ws, this.#headText());
		if (this.#sent.has(ws)) this.#sent.set(ws, { seq: reached, replaying: place.replaying && behind });
	}

	/** The frames of one turn. Throws where what follows is no longer there: who comes back gets a whole state (FEED-4). */
	#read(after: number): SentFrame[] {
		const frames: SentFrame[] = [];
		let size = 0;
		for (const frame of this.#source.after(after)) {
			if (frames.length === 0 && frame.from > after + 1) throw new Error(`the log begins at ${frame.from}`);
			frames.push(frame);
			size += frame.text.length;
			if (size >= TURN_CHARACTERS) break;
		}
		return frames;
	}

	#headText(): string {
		const { head, horizon } = { head: this.#source.head(), horizon: this.#source.horizon() };
		return JSON.stringify({ t: "head", position: head, horizon, now: this.#clock() } satisfies Head);
	}

	#owns(ws: WebSocket): boolean {
		return this.#ctx.getTags(ws).includes(this.#tag);
	}

	#send(ws: WebSocket, text: string): void {
		try {
			ws.send(text);
		} catch (error) {
			this.#fail(ws, error);
		}
	}

	/** The subscriber connects again and resumes by its cursor, so nothing is lost by closing. */
	#fail(ws: WebSocket, error: unknown): void {
		logFailure("feed socket failed", { tag: this.#tag }, error);
		this.#drop(ws, 1011, "the feed could not be read");
	}

	#drop(ws: WebSocket, code: number, reason: string): void {
		this.#sent.delete(ws);
		try {
			attach(ws, null);
			ws.close(code, reason);
		} catch {
			// Already closed from the other side: there is nobody to tell.
		}
	}
}

function parse(message: string | ArrayBuffer): Subscribe | null {
	if (typeof message !== "string") return null;
	try {
		return subscribe.safeParse(JSON.parse(message)).data ?? null;
	} catch {
		return null;
	}
}

const attach = (ws: WebSocket, attachment: Attachment | null) => ws.serializeAttachment(attachment);
const attachmentOf = (ws: WebSocket) => ws.deserializeAttachment() as Attachment | null;
