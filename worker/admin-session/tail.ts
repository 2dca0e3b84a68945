import { type Position, sizeOf } from "../../shared/protocol/index.ts";
import { batchMarks } from "./batch-marks.ts";

/** A frame as it came. `end` is the running size of everything ever appended, so that distances are one subtraction. */
export type TailFrame = { from: number; to: number; mark: string; text: string; end: number };

/** A whole state as chunks of text, read at `position`. */
export type Base = { position: Position; chunks: string[]; size: number };

/** Where a cursor stands in a tail. */
export type Place =
	/** The next frame to send is this one; it may begin with batches that the reader has. */
	| { at: "frame"; frame: TailFrame; index: number }
	| { at: "head" }
	/** Older than the tail: read on from the log, which also proves the cursor. */
	| { at: "older" }
	/** Beyond what this session has heard. */
	| { at: "ahead" }
	/** Of another epoch, or with another mark: a restored past must not pass for the present (FEED-2). */
	| { at: "elsewhere"; reason: "epoch" | "mark" };

/** Bytes of all tails of a session together; the biggest gives way first. */
export class TailBudget {
	readonly #tails = new Set<Tail>();
	readonly #limit: number;

	constructor(limit = 32 * 1024 * 1024) {
		this.#limit = limit;
	}

	add(tail: Tail): void {
		this.#tails.add(tail);
	}

	remove(tail: Tail): void {
		this.#tails.delete(tail);
	}

	/** Shortens tails until they fit; a newest frame always stays, whatever its size. */
	trim(): void {
		let total = 0;
		for (const tail of this.#tails) total += tail.size;
		while (total > this.#limit) {
			let biggest: Tail | null = null;
			for (const tail of this.#tails)
				if (tail.length > 1 && (!biggest || tail.size > biggest.size)) biggest = tail;
			if (!biggest) return;
			total -= biggest.dropOldest();
		}
	}
}

/** The newest frames of one feed, in order and without holes, as the text that viewers get (SESSION-4). */
export class Tail {
	#start: Position | null = null;
	#head: Position | null = null;
	/** Frames from `#first` on; dropped ones are cut off in bulk, since shifting an array each time is slow. */
	#frames: TailFrame[] = [];
	#first = 0;
	#end = 0;
	#dropped = 0;

	/** The last position heard, null before the first. */
	get head(): Position | null {
		return this.#head;
	}

	/** Size of the frames held. */
	get size(): number {
		return this.#end - this.#dropped;
	}

	get length(): number {
		return this.#frames.length - this.#first;
	}

	/** Forgets everything and goes on from `position`. */
	restart(position: Position): void {
		this.#start = position;
		this.#head = position;
		this.#frames = [];
		this.#first = 0;
		this.#dropped = this.#end;
	}

	/** Appends the frame that follows the head; the caller has seen to it that it does. */
	append(frame: { from: number; to: number; mark: string; text: string }): TailFrame {
		if (!this.#head) throw new Error("a tail begins with restart()");
		this.#end += sizeOf(frame.text);
		const kept = { ...frame, end: this.#end };
		this.#frames.push(kept);
		this.#head = { epoch: this.#head.epoch, seq: frame.to, mark: frame.mark };
		return kept;
	}

	/** Drops the oldest frame; gives its size. */
	dropOldest(): number {
		const frame = this.#frames[this.#first];
		if (!frame || !this.#start) return 0;
		const size = frame.end - this.#dropped;
		this.#start = { epoch: this.#start.epoch, seq: frame.to, mark: frame.mark };
		this.#dropped = frame.end;
		this.#first++;
		if (this.#first > 64 && this.#first * 2 > this.#frames.length) {
			this.#frames = this.#frames.slice(this.#first);
			this.#first = 0;
		}
		return size;
	}

	/** Where this cursor stands, and what comes next for it. */
	place(cursor: Position): Place {
		const start = this.#start;
		const head = this.#head;
		if (!start || !head) return { at: "ahead" };
		if (cursor.epoch !== head.epoch) return { at: "elsewhere", reason: "epoch" };
		if (cursor.seq > head.seq) return { at: "ahead" };
		if (cursor.seq < start.seq) return { at: "older" };
		if (cursor.seq === head.seq)
			return cursor.mark === head.mark ? { at: "head" } : { at: "elsewhere", reason: "mark" };
		const index = this.#indexAfter(cursor.seq);
		const frame = this.#frames[index];
		if (!frame) return { at: "older" };
		const before = index > this.#first ? this.#frames[index - 1] : start;
		// A cursor from a page of the log can stand between two batches of a frame: only then is the frame looked into.
		if (frame.from === cursor.seq + 1 && before?.mark === "" && cursor.seq > 0) return { at: "older" };
		const mark = frame.from === cursor.seq + 1 ? before?.mark : batchMarks(frame.text).get(cursor.seq);
		return mark === cursor.mark ? { at: "frame", frame, index } : { at: "elsewhere", reason: "mark" };
	}

	/** Size of what follows this cursor, as far as it is known here. */
	sizeAfter(cursor: Position): number {
		const frame = this.#frames[this.#indexAfter(cursor.seq)];
		if (!frame) return 0;
		return this.#end - frame.end + sizeOf(frame.text);
	}

	/** Index of the first frame that ends after `seq`. */
	#indexAfter(seq: number): number {
		let low = this.#first;
		let high = this.#frames.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#frames[middle]?.to ?? 0) > seq) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}
