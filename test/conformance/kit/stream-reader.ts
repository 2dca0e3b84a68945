import { stream as streamSchema } from "../../../shared/protocol/down/stream.ts";
import type { Position, Stream, StreamEvent } from "../../../shared/protocol/index.ts";
import { Broken, type Line, type StreamSubject, same } from "./subject.ts";

const PATIENCE_MS = 10_000;
/** Largest segment (STREAM-1), bytes; its frame has a little around it. */
const SEGMENT_BYTES = 512 * 1024 + 1_024;

/** A follower that believes nothing: it breaks off where an event does not follow, or a segment is too large (STREAM-1). */
export class StreamReader {
	readonly events: StreamEvent[] = [];
	readonly resets: string[] = [];
	position: Position | null = null;
	horizon = 0;
	readonly #line: Line;
	#caughtUp = false;
	#fault: Error | null = null;
	#wake: (() => void)[] = [];

	static async open({ open }: StreamSubject): Promise<StreamReader> {
		return new StreamReader(await open(`kit-${crypto.randomUUID()}`));
	}

	private constructor(line: Line) {
		this.#line = line;
		line.listen((text) => this.#hear(text));
	}

	/** Follows after a cursor, or from the last so many bytes, and waits until everything is told. */
	async follow(cursor: Position | null, tail_bytes = 4_000_000): Promise<this> {
		this.#caughtUp = false;
		this.position = cursor;
		this.#line.send(JSON.stringify({ t: "subscribe", cursor, ...(cursor ? {} : { tail_bytes }) }));
		await this.until(() => this.#caughtUp, "`head` after a subscription");
		return this;
	}

	async until(holds: () => boolean, what: string): Promise<void> {
		const end = Date.now() + PATIENCE_MS;
		while (true) {
			if (this.#fault) throw this.#fault;
			if (holds()) return;
			if (Date.now() > end) throw new Broken(`${what}: nothing came in ${PATIENCE_MS / 1_000} s`);
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, 1_000);
				this.#wake.push(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
	}

	close(): void {
		this.#line.close();
	}

	#hear(text: string | null): void {
		try {
			if (text === null) throw new Broken("the stream closed its socket");
			const message = JSON.parse(text) as { t: string; position?: Position };
			if (message.t === "head") {
				this.#caughtUp = true;
				this.position ??= message.position ?? null;
			}
			if (message.t === "stream") {
				const frame = streamSchema.safeParse(message);
				if (!frame.success) throw new Broken(`a message is not of the protocol: ${frame.error.message}`);
				this.#frame(frame.data as Stream);
			}
		} catch (error) {
			this.#fault ??= error instanceof Error ? error : new Broken(String(error));
		}
		for (const wake of this.#wake.splice(0)) wake();
	}

	#frame({ epoch, from, to, mark, horizon, reset, segments }: Stream): void {
		this.horizon = horizon;
		if (reset) {
			this.resets.push(reset);
			this.events.length = 0;
			this.position = { epoch, seq: from - 1, mark: "" };
		}
		if (segments.length === 0) return;
		same("a frame begins and ends with its segments", [segments[0]?.from, segments.at(-1)?.to], [from, to]);
		for (const segment of segments) {
			const seq = this.position?.seq ?? 0;
			if (segment.to <= seq) continue;
			same("the event that follows", segment.from, seq + 1);
			const size = new TextEncoder().encode(JSON.stringify(segment)).length;
			if (size > SEGMENT_BYTES)
				throw new Broken(`the segment ${segment.from} to ${segment.to} has ${size} bytes`);
			same(
				"the events of a segment",
				segment.events.map(([one]) => one),
				Array.from({ length: segment.to - segment.from + 1 }, (_, n) => segment.from + n),
			);
			this.events.push(...segment.events);
			this.position = { epoch, seq: segment.to, mark: segment.mark };
		}
		if (this.position) this.position.mark = mark;
	}
}
