import type { Row, TOWN_TABLES } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";

type StatusRow = Row<(typeof TOWN_TABLES)["agent_status_log"]>;

/** An agent in one status. Milliseconds of the town; `to` null while it lasts, `status` null where nobody wrote it. */
export type Segment = {
	from: number;
	to: number | null;
	status: string | null;
	/** Status before it, and what caused the change. */
	was: string | null;
	cause: string | null;
	/** The row of the journal that began it. */
	id: number | null;
};

/**
 * Statuses one after the other, by the log, oldest first. `row` is what the agent's own row says: where the log knows nothing
 * of that status the last stretch ends unseen (P2).
 */
export function segmentsOf(log: readonly StatusRow[], row: string | null): Segment[] {
	const segments: Segment[] = [];
	for (const entry of log) {
		const at = timeOf(entry.at);
		if (at === null) continue;
		const last = segments.at(-1);
		if (last) last.to = Math.max(last.from, at);
		const { to_status: status, from_status: was, cause, id } = entry;
		// What it came from is not what it was in: something in between was not written.
		if (last && was !== null && last.status !== was) last.status = null;
		segments.push({ from: at, to: null, status, was, cause, id });
	}
	const last = segments.at(-1);
	if (last && row !== null && last.status !== row) last.status = null;
	return segments;
}

/** A bar of the strip: one segment, or several short ones that have no room of their own. */
export type Bar = { from: number; to: number; segments: Segment[] };

/** Segments as at most `most` bars: neighbours that are too short to be told apart stand as one. */
export function barsOf(segments: readonly Segment[], now: number, most: number): Bar[] {
	const first = segments[0];
	if (!first) return [];
	const span = Math.max(1, now - first.from);
	for (let short = span / most / 4; ; short *= 2) {
		const bars = gathered(segments, now, segments.length <= most ? 0 : short);
		if (bars.length <= most) return bars;
	}
}

function gathered(segments: readonly Segment[], now: number, short: number): Bar[] {
	const bars: (Bar & { short: boolean })[] = [];
	for (const segment of segments) {
		const to = Math.max(segment.from, segment.to ?? now);
		const isShort = to - segment.from < short;
		const last = bars.at(-1);
		if (isShort && last?.short) {
			last.to = to;
			last.segments.push(segment);
		} else bars.push({ from: segment.from, to, segments: [segment], short: isShort });
	}
	return bars.map(({ from, to, segments: of }) => ({ from, to, segments: of }));
}

/** How long it was in each status, the longest first. */
export function timeIn(segments: readonly Segment[], now: number): { status: string | null; ms: number }[] {
	const sums = new Map<string | null, number>();
	for (const { status, from, to } of segments)
		sums.set(status, (sums.get(status) ?? 0) + Math.max(0, (to ?? now) - from));
	return [...sums].map(([status, ms]) => ({ status, ms })).sort((a, b) => b.ms - a.ms);
}
