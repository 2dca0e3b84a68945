import { envelopeOf, LIMITS } from "../../shared/protocol/index.ts";
import { logFailure } from "../log.ts";
import type { Page } from "../rpc.ts";
import { type Feed, type Feeds, TOWN_FEED } from "./feeds.ts";
import { withReason } from "./once-read.ts";
import type { Base, TailFrame } from "./tail.ts";
import type { Reader, Viewer } from "./viewer.ts";

/** A source that could not be read is asked again after so long. */
const RETRY_MS = 1_000;

/**
 * Brings each viewer from its cursor to the head of each of its feeds, as fast as its credit allows: from the tail, else
 * from the log in pages (SESSION-3, SESSION-5). What does not fit the credit is not sent and not kept; it is found again
 * by the cursor.
 */
export class Pump {
	readonly #feeds: Feeds;
	readonly #gone: (viewer: Viewer) => boolean;
	readonly #lagging: (viewer: Viewer) => void;

	/** `lagging` hears of a viewer that could not be brought to the head at once. */
	constructor(
		feeds: Feeds,
		options: { gone: (viewer: Viewer) => boolean; lagging: (viewer: Viewer) => void },
	) {
		this.#feeds = feeds;
		this.#gone = options.gone;
		this.#lagging = options.lagging;
	}

	/** A frame has come: to viewers at the head it goes as it is, the others go on where they are. */
	deliver(viewers: Iterable<Viewer>, feed: Feed, frame: TailFrame): void {
		const after = feed.tail.head;
		for (const viewer of viewers) {
			const reader = viewer.readers.get(feed.name);
			if (!reader || reader.busy) continue;
			if (viewer.credit <= 0) {
				this.#lagging(viewer);
				continue;
			}
			const { cursor } = reader;
			// `proven` and directly before it: the very frame it waits for.
			if (reader.proven && cursor && cursor.epoch === after?.epoch && cursor.seq === frame.from - 1) {
				viewer.sendCharged(frame.text);
				reader.cursor = after;
			} else this.run(viewer);
		}
	}

	/** A feed goes on from another place: what was proven before is not proven now. */
	restarted(viewers: Iterable<Viewer>, feed: Feed): void {
		for (const viewer of viewers) {
			const reader = viewer.readers.get(feed.name);
			if (!reader) continue;
			reader.proven = false;
			this.run(viewer);
		}
	}

	/** Sends what can be sent now; the town comes first. Call it after a credit, a `hello`, a restart of a feed. */
	run(viewer: Viewer): void {
		for (const reader of viewer.readers.values()) {
			while (viewer.credit > 0 && !reader.busy && this.#step(viewer, reader));
			if (viewer.credit <= 0) this.#lagging(viewer);
		}
	}

	/** What is known to be still unsent for this viewer; 0 when it is live. */
	behind(viewer: Viewer): number {
		let size = 0;
		for (const reader of viewer.readers.values()) {
			const feed = this.#feeds.get(reader.feed);
			if (!feed) continue;
			if (!reader.cursor) size += Math.max(1, feed.base?.size ?? 0);
			else if (reader.cursor.epoch !== feed.tail.head?.epoch) size += feed.tail.head ? 1 : 0;
			else size += feed.tail.sizeAfter(reader.cursor);
		}
		return size;
	}

	/** One frame, chunk or page; false when there is nothing to do before something happens. */
	#step(viewer: Viewer, reader: Reader): boolean {
		const feed = this.#feeds.get(reader.feed);
		if (!feed) return false;
		if (!reader.cursor)
			return reader.feed === TOWN_FEED
				? this.#state(viewer, reader, feed)
				: this.#begin(viewer, reader, feed);
		const place = feed.tail.place(reader.cursor);
		switch (place.at) {
			case "head":
				reader.proven = true;
				return false;
			case "frame": {
				const { frame } = place;
				if (!viewer.sendCharged(frame.text)) return false;
				reader.cursor = { epoch: reader.cursor.epoch, seq: frame.to, mark: frame.mark };
				reader.proven = true;
				return true;
			}
			case "older":
				return this.#page(viewer, reader, feed);
			case "ahead":
				// A page can overtake the feed. An unproven cursor could also be of a past that was taken back.
				return reader.proven || !feed.upstream.live ? false : this.#page(viewer, reader, feed);
			case "elsewhere":
				// Until the feed is live again its tail may itself be the past.
				if (!feed.upstream.live) return false;
				reader.cursor = null;
				reader.reason = place.reason;
				return true;
		}
	}

	/**
	 * Sends the next chunk of a whole state. A newer one in between does not start it over, else a slow page would never have
	 * one, unless the tail no longer goes on from it.
	 */
	#state(viewer: Viewer, reader: Reader, feed: Feed): boolean {
		const begun = reader.base;
		const under = begun && (begun.base === feed.base || goesOnFrom(feed, begun.base)) ? begun : null;
		const base = under?.base ?? this.#feeds.base(feed);
		if (!base) {
			if (feed.upstream.live) this.#wait(viewer, reader, this.#feeds.readBase(feed), () => {});
			return false;
		}
		const part = under?.part ?? 0;
		const chunk = base.chunks[part];
		if (chunk === undefined || !viewer.sendCharged(withReason(chunk, reader.reason))) return false;
		if (part + 1 < base.chunks.length) reader.base = { base, part: part + 1 };
		else {
			reader.base = null;
			reader.cursor = base.position;
			reader.proven = true;
		}
		return true;
	}

	#begin(viewer: Viewer, reader: Reader, feed: Feed): boolean {
		if (!feed.upstream.live) return false;
		this.#wait(viewer, reader, this.#feeds.readBeginning(feed, reader.tailBytes), ({ envelope, text }) => {
			viewer.sendCharged(withReason(text, reader.reason));
			reader.cursor = { epoch: envelope.epoch, seq: envelope.to, mark: envelope.mark };
			reader.proven = true;
		});
		return false;
	}

	#page(viewer: Viewer, reader: Reader, feed: Feed): boolean {
		const cursor = reader.cursor;
		if (!cursor) return true;
		const bytes = Math.min(LIMITS.chunkBytes, Math.max(viewer.credit, 16_384));
		this.#wait(viewer, reader, this.#feeds.page(feed.name, cursor, bytes), (page: Page) => {
			if ("reset" in page) {
				reader.cursor = null;
				reader.reason = page.reset;
				return;
			}
			for (const { text } of page.frames) {
				// What the credit does not cover is read again later: nothing is kept for a viewer.
				if (viewer.credit <= 0) return;
				const envelope = envelopeOf(text);
				if (envelope?.t !== "changes" && envelope?.t !== "stream")
					throw new Error(`a page of ${feed.name} holds something that is no frame`);
				if (!viewer.sendCharged(text)) return;
				reader.cursor = { epoch: envelope.epoch, seq: envelope.to, mark: envelope.mark };
				reader.proven = true;
			}
			if (page.frames.length > 0) return;
			reader.proven = true;
			// Nothing follows, and yet the tail begins later: the two will agree when the feed has gone on.
			if (feed.tail.place(cursor).at === "older")
				throw new Error(`${feed.name} has no page after ${cursor.seq}`);
		});
		return false;
	}

	/** Goes on with a viewer when something has come; a failed read is tried again, and the feed's state says why it lacks. */
	#wait<T>(viewer: Viewer, reader: Reader, coming: Promise<T>, take: (value: T) => void): void {
		reader.busy = true;
		this.#lagging(viewer);
		const current = () => !this.#gone(viewer) && viewer.readers.get(reader.feed) === reader;
		const go = () => {
			reader.busy = false;
			if (current()) this.run(viewer);
		};
		coming
			.then((value) => {
				if (current()) take(value);
				go();
			})
			.catch((error: unknown) => {
				logFailure("catch-up", { feed: reader.feed }, error);
				setTimeout(go, RETRY_MS);
			});
	}
}

/** The tail has this very position, and what follows it. */
function goesOnFrom(feed: Feed, { position }: Base): boolean {
	const { at } = feed.tail.place(position);
	return at === "frame" || at === "head";
}
