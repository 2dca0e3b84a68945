import type { StreamEvent } from "../../shared/protocol/index.ts";

/** An event with the time since the one before it, milliseconds, and its size in characters of JSON. */
export type RawRow = { event: StreamEvent; gap: number | null; size: number };

const sizes = new WeakMap<StreamEvent, number>();
const lines = new WeakMap<StreamEvent, string>();

/** The rows to show, of all events or of those that are no housekeeping; `total` counts both. */
export type RawRows = { rows: readonly RawRow[]; total: number };

/**
 * Rows of one stream again and again: while the same array of events only grows, the same array of rows grows with it
 * and only what is new is looked at. Another array is read from its start; rows that say the same stay the same objects.
 */
export function rawReader(): (events: readonly StreamEvent[], all: boolean) => RawRows {
	let read: readonly StreamEvent[] = [];
	let readAll = false;
	let total = 0;
	let rows: RawRow[] = [];
	const made = new WeakMap<StreamEvent, RawRow>();

	const rowOf = (event: StreamEvent, before: StreamEvent | undefined): RawRow => {
		const gap = before ? Math.max(0, event[1] - before[1]) : null;
		const known = made.get(event);
		if (known && known.gap === gap) return known;
		const row = { event, gap, size: sizeOf(event) };
		made.set(event, row);
		return row;
	};

	return (events, all) => {
		if (events !== read || all !== readAll || events.length < total) {
			read = events;
			readAll = all;
			total = 0;
			rows = [];
		}
		for (; total < events.length; total++) {
			const event = events[total] as StreamEvent;
			if (all || !housekeeping(event[3])) rows.push(rowOf(event, events[total - 1]));
		}
		return { rows, total };
	};
}

function sizeOf(event: StreamEvent): number {
	const known = sizes.get(event);
	if (known !== undefined) return known;
	const size = JSON.stringify(event[4] ?? null).length;
	sizes.set(event, size);
	return size;
}

/** The start of the body on one line. */
export function bodyLine(event: StreamEvent): string {
	const known = lines.get(event);
	if (known !== undefined) return known;
	const line = JSON.stringify(event[4] ?? null).slice(0, 240);
	lines.set(event, line);
	return line;
}

const HOUSEKEEPING = new Set([
	"session.updated", "session.diff", "file.watcher.updated", "file.edited", "session.status", "server.connected",
	"project.directories.updated", "vcs.branch.updated", "sandbox.status.changed",
]); // biome-ignore format: a list

/** Events that repeat what others say: the snapshots and watchers that make up most of a stream. */
export const housekeeping = (type: string): boolean => HOUSEKEEPING.has(type);
