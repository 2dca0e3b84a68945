import {
	envelopeOf,
	type FrameText,
	joinFrames,
	LIMITS,
	type Position,
} from "../../shared/protocol/index.ts";

/**
 * Up to so many readers (viewers × the feeds each reads) frames are passed on as they come. A send takes about 40 µs, so
 * that 64 readers of feeds at 60 frames a second are a sixth of the object's time (SESSION-9).
 */
export const JOIN_READERS = 64;
/** With a quarter of a millisecond for each reader the sends stay at 4,000 a second while readers grow. */
const MS_A_READER = 0.25;
const SHORTEST_MS = 16;
/** Longer than this would be seen. */
const LONGEST_MS = 50;

/** Over how many milliseconds frames are joined for so many readers; 0 when they are passed on as they come (SESSION-4). */
export const joinMs = (readers: number): number =>
	readers <= JOIN_READERS
		? 0
		: Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.round(readers * MS_A_READER)));

type Options = {
	/** As `joinMs` says now. */
	ms(): number;
	/** Where the feed stands: only what follows is gathered. */
	head(): Position | null;
	/** Hears the text of one frame, or of several as one, in order; and every other text at once. */
	pass(text: string): void;
};

/**
 * Gathers frames of one feed before they are read, so that cursors, tail and viewers know only what the source could have
 * sent (SESSION-4). The first goes out at once, those that come within the time after it as one text. Held for the feed,
 * never for a viewer.
 */
export class Joiner {
	readonly #options: Options;
	#held: FrameText[] = [];
	#size = 0;
	#timer: ReturnType<typeof setTimeout> | null = null;

	constructor(options: Options) {
		this.#options = options;
	}

	take(text: string): void {
		const { ms, pass } = this.#options;
		const wait = ms();
		const joining = wait > 0 || this.#held.length > 0;
		const frame = joining ? this.#following(text) : null;
		if (frame && this.#timer !== null) this.#hold(frame);
		else pass(text);
		if (frame && this.#timer === null) this.#cool(wait);
		if (wait === 0) this.flush();
	}

	/** Passes on what is held. */
	flush(): void {
		const held = this.#held;
		this.#held = [];
		this.#size = 0;
		if (held.length > 0) this.#options.pass(joinFrames(held));
	}

	/** Forgets what is held: the feed goes on from its head, which has none of it. */
	clear(): void {
		this.#held = [];
		this.#size = 0;
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
	}

	#hold(frame: FrameText): void {
		if (this.#size + frame.text.length > LIMITS.chunkBytes) this.flush();
		this.#held.push(frame);
		this.#size += frame.text.length;
	}

	/** The text as a frame that may wait for others; null for all else, before which goes what is held. */
	#following(text: string): FrameText | null {
		const envelope = envelopeOf(text);
		if (envelope?.t === "pulse" || envelope?.t === "pong") return null;
		if ((envelope?.t === "changes" || envelope?.t === "stream") && !("reset" in envelope)) {
			const head = this.#options.head();
			const seq = this.#held.at(-1)?.envelope.to ?? head?.seq;
			if (envelope.epoch === head?.epoch && envelope.from - 1 === seq && envelope.to >= envelope.from)
				return { envelope, text };
		}
		this.flush();
		return null;
	}

	#cool(ms: number): void {
		this.#timer = setTimeout(() => {
			this.#timer = null;
			if (this.#held.length === 0) return;
			const next = this.#options.ms();
			if (next > 0) this.#cool(next);
			this.flush();
		}, ms);
	}
}
