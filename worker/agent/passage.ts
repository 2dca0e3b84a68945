import type { Passage, Question, Segment } from "../../shared/protocol/index.ts";
import type { Sql } from "../live-ops/index.ts";
import type { QueryAnswer } from "../rpc.ts";
import { type SegmentView, shown } from "./hidden.ts";
import type { StoredSegment } from "./segments.ts";
import type { AgentStream } from "./stream.ts";

/** The envelope of a segment stands before its events and is shorter than this: an attempt is found without reading them. */
const HEAD_CHARACTERS = 600;
const OF_ATTEMPT = `instr(substr(text, 1, ${HEAD_CHARACTERS}), ?) > 0`;
const nameIn = (attempt: string) => `"attempt":${JSON.stringify(attempt)},`;

type Asked = Extract<Question, { kind: "passage" }>;
type Kept = { from: number; to: number };

/**
 * What is asked of one attempt, in whole segments (a replay reads on from where one ends). It is looked for in the heads of
 * the segments, which takes no index and is done once for each page that a person asks for.
 */
export function passageOf(stream: AgentStream, asked: Asked, view: SegmentView): QueryAnswer {
	const { sql, state } = stream;
	const kept = sql.one<{ from: number | null; to: number }>(
		`SELECT min(from_seq) AS 'from', max(to_seq) AS 'to' FROM segment WHERE ${OF_ATTEMPT}`,
		nameIn(asked.attempt),
	);
	if (!kept || kept.from === null)
		return {
			rows: [{ horizon: state.horizon, kept: null, segments: [], hidden: view !== shown } satisfies Passage],
			more: false,
		};
	const { segments, more } = segmentsIn(sql, asked, { from: kept.from, to: kept.to }, view);
	const passage: Passage = {
		horizon: state.horizon,
		kept: {
			...{ from: kept.from, to: kept.to },
			began_at: emittedAt(sql, firstEnd(sql, kept.from), 0),
			ended_at: emittedAt(sql, kept.to, -1),
		},
		segments,
		hidden: view !== shown,
	};
	return { rows: [passage], more };
}

/** When the first (0) or the last (-1) event of the segment that ends there was emitted. */
function emittedAt(sql: Sql, to: number, which: 0 | -1): number {
	const index = which === 0 ? "0" : "#-1";
	const row = sql.one<{ at: number }>(
		`SELECT json_extract(text, '$.events[${index}][1]') AS at FROM segment WHERE to_seq = ?`,
		to,
	);
	return row?.at ?? 0;
}

/** Where the segment ends that has this seq. */
const firstEnd = (sql: Sql, seq: number): number =>
	sql.one<{ to: number }>("SELECT to_seq AS 'to' FROM segment WHERE to_seq >= ? ORDER BY to_seq LIMIT 1", seq)
		?.to ?? seq;

function segmentsIn(
	sql: Sql,
	asked: Asked,
	kept: Kept,
	view: SegmentView,
): { segments: Segment[]; more: boolean } {
	if (asked.bytes === 0) return { segments: [], more: true };
	const back = asked.before !== null;
	const after = asked.after ?? (asked.at === null ? kept.from - 1 : startFor(sql, asked.at, kept));
	const rows = sql.all<{ to: number; bytes: number }>(
		back
			? `SELECT to_seq AS 'to', bytes FROM segment WHERE to_seq >= ? AND from_seq < ? AND ${OF_ATTEMPT} ORDER BY to_seq DESC`
			: `SELECT to_seq AS 'to', bytes FROM segment WHERE to_seq > ? AND to_seq <= ? AND ${OF_ATTEMPT} ORDER BY to_seq`,
		back ? kept.from : after,
		back ? (asked.before ?? 0) : kept.to,
		nameIn(asked.attempt),
	);
	let size = 0;
	const wanted = rows.filter(({ bytes }, n) => {
		size += bytes;
		return n === 0 || size <= asked.bytes;
	});
	const stored = wanted.flatMap(({ to }) => {
		const row = sql.one<StoredSegment>(
			"SELECT from_seq AS 'from', to_seq AS 'to', at, mark, bytes, text FROM segment WHERE to_seq = ?",
			to,
		);
		return row ? [row] : [];
	});
	const segments = [...view(stored)].map(({ text }) => JSON.parse(text) as Segment);
	return { segments: back ? segments.reverse() : segments, more: wanted.length < rows.length };
}

/** The seq before the segment in which the moment lies: halves what is kept, since times rise with the stream. */
function startFor(sql: Sql, at: number, { from, to }: Kept): number {
	const all = sql.all<Kept>(
		"SELECT from_seq AS 'from', to_seq AS 'to' FROM segment WHERE to_seq >= ? AND to_seq <= ? ORDER BY to_seq",
		from,
		to,
	);
	let low = 0;
	let high = all.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (emittedAt(sql, all[middle]?.to ?? 0, 0) <= at) low = middle;
		else high = middle - 1;
	}
	return (all[low]?.from ?? from) - 1;
}
