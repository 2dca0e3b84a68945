import { LIMITS, type ResetReason } from "../../shared/protocol/index.ts";
import type { Sql } from "../live-ops/index.ts";

/** The text of one event of a segment, and its position. */
export type EventText = { seq: number; text: string };

/** A stored segment. `text` is what viewers get, never parsed on its way to them (SESSION-4). */
export type StoredSegment = {
	from: number;
	to: number;
	at: number;
	mark: string;
	bytes: number;
	text: string;
};

type Head = { at: number; attempt: string | null };

const envelope = (from: number, to: number, { at, attempt }: Head, mark: string, events: string) =>
	`{"from":${from},"to":${to},"at":${at},"attempt":${JSON.stringify(attempt)},"mark":${JSON.stringify(mark)},"events":[${events}]}`;

/** Room for the envelope around the events. */
const ENVELOPE = 1_024;

/**
 * The events of a batch as segments of at most `bytes`, several where one would be larger. Throws where a single event is,
 * which cutting bodies rules out: locally nothing else would refuse it (STREAM-1).
 */
export function segmentsOf(
	events: readonly EventText[],
	head: Head,
	mark: () => string,
	bytes: number,
): StoredSegment[] {
	const segments: StoredSegment[] = [];
	let texts: string[] = [];
	let size = 0;
	let from = 0;
	let to = 0;
	const close = () => {
		if (texts.length === 0) return;
		const name = mark();
		const text = envelope(from, to, head, name, texts.join(","));
		const stored = Buffer.byteLength(text);
		if (stored > bytes) throw new Error(`a segment of ${stored} bytes, more than ${bytes}`);
		segments.push({ from, to, at: head.at, mark: name, bytes: stored, text });
		texts = [];
		size = 0;
	};
	for (const { seq, text } of events) {
		const more = Buffer.byteLength(text) + 1;
		if (size + more + ENVELOPE > bytes) close();
		if (texts.length === 0) from = seq;
		texts.push(text);
		size += more;
		to = seq;
	}
	close();
	return segments;
}

export function storeSegments(sql: Sql, segments: readonly StoredSegment[]): void {
	for (const { from, to, at, mark, bytes, text } of segments)
		sql.run(
			"INSERT INTO segment (to_seq, from_seq, at, mark, bytes, text) VALUES (?, ?, ?, ?, ?, ?)",
			to,
			from,
			at,
			mark,
			bytes,
			text,
		);
}

const COLUMNS = "from_seq AS 'from', to_seq AS 'to', at, mark, bytes, text";
/** Segments of at most 512 KB are read in small slices, so that a long stream is never in memory at once. */
const SLICE = 32;

export function* segmentsAfter(sql: Sql, seq: number): Generator<StoredSegment> {
	for (let after = seq; ; ) {
		const slice = sql.all<StoredSegment>(
			`SELECT ${COLUMNS} FROM segment WHERE to_seq > ? ORDER BY to_seq LIMIT ${SLICE}`,
			after,
		);
		yield* slice;
		const last = slice.at(-1);
		if (!last || slice.length < SLICE) return;
		after = last.to;
	}
}

export function* segmentsBefore(sql: Sql, seq: number): Generator<StoredSegment> {
	for (let before = seq; ; ) {
		const slice = sql.all<StoredSegment>(
			`SELECT ${COLUMNS} FROM segment WHERE from_seq < ? ORDER BY to_seq DESC LIMIT ${SLICE}`,
			before,
		);
		yield* slice;
		const last = slice.at(-1);
		if (!last || slice.length < SLICE) return;
		before = last.from;
	}
}

/** Mark of the segment that ends at `seq`; "" at 0, null where none ends there. */
export function markAt(sql: Sql, seq: number): string | null {
	if (seq === 0) return "";
	return sql.one<{ mark: string }>("SELECT mark FROM segment WHERE to_seq = ?", seq)?.mark ?? null;
}

/** Most segments of a tail: bounds the rows read where segments are tiny. */
const TAIL_SEGMENTS = 4_096;

/** The seq after which the last `bytes` of segments begin. The newest segment is always among them. */
export function tailStart(sql: Sql, head: number, bytes: number): number {
	const sizes = sql.all<{ from_seq: number; bytes: number }>(
		`SELECT from_seq, bytes FROM segment ORDER BY to_seq DESC LIMIT ${TAIL_SEGMENTS}`,
	);
	let left = bytes;
	let start = head;
	for (const size of sizes) {
		left -= size.bytes;
		if (left < 0 && start !== head) break;
		start = size.from_seq - 1;
	}
	return start;
}

/** What every frame of a stream says of itself, and where it stands when it has no segments. */
export type FrameHead = {
	agent: string;
	epoch: string;
	horizon: number;
	/** Texts in it are hidden (SEC-4). */
	hidden: boolean;
	seq: number;
	mark: string;
};
export type Frame = { from: number; to: number; text: string };

/**
 * Frames of `stream` from segments, each of at most a chunk unless one segment is larger. With `reset` there is at least
 * one, which says so. The payload is the last field, so that who passes a frame on need not parse it.
 */
export function* framesOf(
	segments: Iterable<StoredSegment>,
	head: FrameHead,
	reset?: ResetReason,
): Generator<Frame> {
	let said = reset === undefined;
	let held: StoredSegment[] = [];
	let size = 0;
	const close = (): Frame => {
		const [first, last] = [held[0], held.at(-1)];
		const { from, to, mark } =
			first && last ? { ...last, from: first.from } : { from: head.seq + 1, to: head.seq, mark: head.mark };
		const why = said ? "" : `,"reset":${JSON.stringify(reset)}`;
		const text =
			`{"t":"stream","agent":${JSON.stringify(head.agent)},"epoch":${JSON.stringify(head.epoch)},` +
			`"from":${from},"to":${to},"mark":${JSON.stringify(mark)},"horizon":${head.horizon}${head.hidden ? `,"hidden":true` : ""}${why},` +
			`"segments":[${held.map((segment) => segment.text).join(",")}]}`;
		said = true;
		held = [];
		size = 0;
		return { from, to, text };
	};
	for (const segment of segments) {
		if (held.length > 0 && size + segment.bytes > LIMITS.chunkBytes) yield close();
		held.push(segment);
		size += segment.bytes;
	}
	if (held.length > 0 || !said) yield close();
}
