import type { StreamEvent } from "../../shared/protocol/index.ts";

/** An event with the time since the one before it, milliseconds, and its size in characters of JSON. */
export type RawRow = { event: StreamEvent; gap: number | null; size: number };

const sizes = new WeakMap<StreamEvent, number>();
const lines = new WeakMap<StreamEvent, string>();

export function rawRows(events: readonly StreamEvent[]): RawRow[] {
	return events.map((event, at) => {
		const before = events[at - 1];
		return { event, gap: before ? Math.max(0, event[1] - before[1]) : null, size: sizeOf(event) };
	});
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
