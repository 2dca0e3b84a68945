import {
	type Intention,
	LIMITS,
	type Position,
	type ResetReason,
	sizeOf,
	type Viewer as ViewerInfo,
} from "../../shared/protocol/index.ts";
import type { Admin } from "../auth/rights.ts";
import type { Base } from "./tail.ts";

/** What outlives an eviction, in the socket's attachment (16 KB at most). Times in epoch milliseconds. */
export type Attachment = {
	id: string;
	admin: Admin;
	since: number;
	expiresAt: number;
	/** Null until `hello`. */
	opened: { access: string; reason: string; at: number } | null;
	focus: string | null;
	/** What its page is about to do. */
	intention: Intention | null;
};

/** How far a viewer has come in one feed. Nothing of the feed itself is kept here (SESSION-5). */
export type Reader = {
	readonly feed: string;
	/** The last position sent; null while it needs a beginning, for `reason`. */
	cursor: Position | null;
	reason: ResetReason;
	/** The log itself has confirmed the cursor since the feed's tail began: it may be ahead of what the session has heard. */
	proven: boolean;
	/** The state being sent, and the chunk that is next. */
	base: { base: Base; part: number } | null;
	/** Streams without a cursor begin at the last so many characters. */
	readonly tailBytes: number;
	/** A page or a beginning is on its way. */
	busy: boolean;
};

/** One open page. */
export class Viewer {
	readonly socket: WebSocket;
	#attachment: Attachment;
	/** What may still be sent before it must say that it has folded. */
	credit: number = LIMITS.windowBytes;
	/** It has said `hello` to this instance. */
	greeted = false;
	readonly readers = new Map<string, Reader>();
	/** As last told: told again when it changes between live and behind. */
	toldBehind = 0;
	readonly counts = { since: 0, messages: 0, credits: 0, pings: 0 };

	constructor(socket: WebSocket, attachment: Attachment) {
		this.socket = socket;
		this.#attachment = attachment;
	}

	get id(): string {
		return this.#attachment.id;
	}

	get admin(): Admin {
		return this.#attachment.admin;
	}

	get state(): Readonly<Attachment> {
		return this.#attachment;
	}

	/** Changes what outlives an eviction. */
	update(change: Partial<Attachment>): void {
		this.#attachment = { ...this.#attachment, ...change };
		this.socket.serializeAttachment(this.#attachment);
	}

	/** Starts or moves a reader; what was under way for an older one of that feed is dropped when it comes. */
	read(feed: string, cursor: Position | null, tailBytes: number): Reader {
		const reader: Reader = {
			feed,
			cursor,
			reason: "first",
			proven: false,
			base: null,
			tailBytes,
			busy: false,
		};
		this.readers.set(feed, reader);
		return reader;
	}

	/** Sends a text; false when the socket is gone, which its close event will tell. */
	send(text: string): boolean {
		try {
			this.socket.send(text);
			return true;
		} catch {
			return false;
		}
	}

	/** Sends what the page will give credit for when it has folded it (SESSION-5). */
	sendCharged(text: string): boolean {
		this.credit -= sizeOf(text);
		return this.send(text);
	}

	/** As others see it (SESSION-7). */
	get info(): ViewerInfo {
		const { id, admin, since, focus, intention } = this.#attachment;
		return { id, admin: admin.id, name: admin.name, email: admin.email, since, focus, intention };
	}
}

/** The open sockets of a session. */
export type Viewers = Map<WebSocket, Viewer>;
