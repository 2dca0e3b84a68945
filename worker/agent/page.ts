import { isRecord } from "../../shared/conversation/index.ts";
import { LIMITS, type Position, type Segment, type StreamEvent } from "../../shared/protocol/index.ts";
import type { Page, QueryAnswer } from "../rpc.ts";
import { frameHead } from "./feed.ts";
import type { SegmentView } from "./hidden.ts";
import { framesOf, type StoredSegment, segmentsAfter, segmentsBefore } from "./segments.ts";
import type { AgentStream } from "./stream.ts";

/** Segments read for one page, as a multiple of its bytes: what is left out makes room for more. */
const READ_AHEAD = 4;

/** Id of the part that an event closes with a whole snapshot, or null. */
function closes([, , , type, properties]: StreamEvent): string | null {
	if (type !== "message.part.updated" || !isRecord(properties) || !isRecord(properties.part)) return null;
	const { id, time } = properties.part;
	return typeof id === "string" && isRecord(time) && time.end !== undefined ? id : null;
}

const deltaOf = ([, , , type, properties]: StreamEvent): unknown =>
	type === "message.part.delta" && isRecord(properties) ? properties.partID : undefined;

/** Leaves out deltas of parts that close later in the same page, and says from, to and how many (SESSION-5). */
function thin(segments: Segment[]): Segment[] {
	const closed = new Map<string, number>();
	for (const { events } of segments)
		for (const event of events) {
			const part = closes(event);
			if (part !== null) closed.set(part, event[0]);
		}
	return segments.map((segment) => {
		const left: NonNullable<Segment["left_out"]> = [];
		const events = segment.events.filter((event) => {
			const part = deltaOf(event);
			const [seq] = event;
			if (typeof part !== "string" || (closed.get(part) ?? 0) <= seq) return true;
			const last = left.at(-1);
			if (last?.to === seq - 1) Object.assign(last, { to: seq, count: last.count + 1 });
			else left.push({ from: seq, to: seq, count: 1 });
			return false;
		});
		return left.length === 0 ? segment : { ...segment, events, left_out: left };
	});
}

function take(segments: Iterable<StoredSegment>, bytes: number): { taken: StoredSegment[]; more: boolean } {
	const taken: StoredSegment[] = [];
	let size = 0;
	for (const segment of segments) {
		size += segment.bytes;
		if (taken.length > 0 && size > bytes) return { taken, more: true };
		taken.push(segment);
	}
	return { taken, more: false };
}

/** What follows a cursor that is known to be of this stream, for viewers behind the session's tail; about `bytes`. */
export function pageAfter(stream: AgentStream, cursor: Position, bytes: number, view: SegmentView): Page {
	const { sql, state } = stream;
	const { taken } = take(view(segmentsAfter(sql, cursor.seq)), bytes * READ_AHEAD);
	const thinned = thin(taken.map(({ text }) => JSON.parse(text) as Segment)).map((segment, index) => {
		const text = segment.left_out ? JSON.stringify(segment) : (taken[index]?.text ?? "");
		const { from, to, at, mark } = segment;
		return { from, to, at, mark, text, bytes: Buffer.byteLength(text) };
	});
	const { taken: kept } = take(thinned, bytes);
	const last = kept.at(-1);
	return {
		frames: [...framesOf(kept, frameHead(stream, view))],
		position: last ? { epoch: state.epoch, seq: last.to, mark: last.mark } : cursor,
		more: (last?.to ?? cursor.seq) < state.seq,
	};
}

/** Events below `before`, newest first, about `bytes` of them: whole segments but for the cut at `before`. */
export function eventsBefore(
	stream: AgentStream,
	before: number,
	bytes: number,
	view: SegmentView,
): QueryAnswer {
	const { taken, more } = take(
		view(segmentsBefore(stream.sql, before)),
		Math.min(bytes, 4 * LIMITS.chunkBytes),
	);
	const rows = taken
		.flatMap(({ text }) => (JSON.parse(text) as Segment).events.toReversed())
		.filter(([seq]) => seq < before);
	return { rows, more };
}
