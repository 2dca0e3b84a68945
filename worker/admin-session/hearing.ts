import { type Envelope, envelopeOf, type Head, type Position, sizeOf } from "../../shared/protocol/index.ts";
import type { Base, Tail, TailFrame } from "./tail.ts";

/** What a text from a source means to its feed. */
export type Heard =
	/** A pong, a part of something, or what the feed has already. */
	| { kind: "nothing" }
	| { kind: "pulse" }
	/** It follows the head, and is in the tail now. */
	| { kind: "frame"; frame: TailFrame }
	/** The tail goes on from another place; `base` for a town. `frame` where that place came with one. */
	| { kind: "restart"; base: Base | null; frame: TailFrame | null }
	/** It does not follow: something is missing in between. */
	| { kind: "gap"; reason: string }
	/** The source's own position and clock, and whether ours is the same. */
	| { kind: "head"; same: boolean; horizon: number; now: number }
	/** Not a frame at all. */
	| { kind: "noise" };

const nothing: Heard = { kind: "nothing" };

/** Reads what a source says, keeps the tail, and tells gaps (FEED-2, FEED-3). No sockets, no clock. */
export class Hearing {
	readonly #tail: Tail;
	/** Chunks of a state that is not whole yet. */
	#chunks: string[] = [];

	constructor(tail: Tail) {
		this.#tail = tail;
	}

	/** A new subscription begins: what came in part of an older one is forgotten. */
	begin(): void {
		this.#chunks = [];
	}

	hear(text: string): Heard {
		const envelope = envelopeOf(text);
		if (!envelope) return { kind: "noise" };
		switch (envelope.t) {
			case "pong":
				return nothing;
			case "pulse":
				return { kind: "pulse" };
			case "head":
				return this.#head(envelope);
			case "state":
				return this.#state(envelope, text);
			case "stream":
				return envelope.reset ? this.#beginning(envelope, text) : this.#frame(envelope, text);
			case "changes":
				return this.#frame(envelope, text);
		}
	}

	#state({ part, last, position }: Extract<Envelope, { t: "state" }>, text: string): Heard {
		if (part === 0) this.#chunks = [];
		// A part is missing: the state is not whole, and the `head` at its end will not be ours.
		if (part !== this.#chunks.length) return nothing;
		this.#chunks.push(text);
		if (!last) return nothing;
		const chunks = this.#chunks;
		this.#chunks = [];
		this.#tail.restart(position);
		return { kind: "restart", base: baseOf(position, chunks), frame: null };
	}

	/** A stream from some place on. The mark before its first frame is not told: cursors there are proven by a page. */
	#beginning(envelope: Extract<Envelope, { t: "stream" }>, text: string): Heard {
		const { epoch, from, to, mark } = envelope;
		const empty = to < from;
		this.#tail.restart(empty ? { epoch, seq: to, mark } : { epoch, seq: from - 1, mark: "" });
		const frame = empty ? null : this.#tail.append({ from, to, mark, text });
		return { kind: "restart", base: null, frame };
	}

	#frame(
		{ epoch, from, to, mark }: { epoch: string; from: number; to: number; mark: string },
		text: string,
	): Heard {
		const head = this.#tail.head;
		if (to < from) return nothing;
		if (head?.epoch === epoch && to <= head.seq) return nothing;
		if (head?.epoch === epoch && from === head.seq + 1)
			return { kind: "frame", frame: this.#tail.append({ from, to, mark, text }) };
		return { kind: "gap", reason: `changes from ${from} do not follow ${head?.seq ?? "nothing"}` };
	}

	#head({ position, horizon, now }: Head): Heard {
		const tail = this.#tail;
		const known = tail.head;
		const here = known?.epoch === position.epoch && known.seq === position.seq;
		// A stream of which nothing was sent, or whose mark was not told, is known from here on.
		if (!known || (here && known.mark === "" && tail.length === 0)) tail.restart(position);
		const same = tail.head !== null && samePosition(tail.head, position);
		return { kind: "head", same, horizon, now };
	}
}

export const baseOf = (position: Position, chunks: string[]): Base => ({
	position,
	chunks,
	size: chunks.reduce((sum, chunk) => sum + sizeOf(chunk), 0),
});

const samePosition = (a: Position, b: Position): boolean =>
	a.epoch === b.epoch && a.seq === b.seq && a.mark === b.mark;
