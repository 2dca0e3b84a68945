import type { StreamEnd } from "../../shared/conversation/index.ts";
import type { Line } from "../agent/lines/line.ts";
import { lineReader } from "../agent/lines/lines.ts";
import type { Reel } from "./reel.ts";
import { neverRan } from "./track.ts";

/** A line of the conversations of a bead's agents, joined in time. */
export type Joined = {
	key: string;
	at: number;
	reel: Reel;
} /** `ends`: when its stream had ended by then, each time. */ & (
	| { kind: "line"; line: Line; ends: readonly number[] }
	/** Who speaks from here on. */
	| { kind: "speaker" }
	/** A part of a track that is not shown, and why (L8): `unread` and `earlier` can be loaded. */
	| { kind: "gap"; why: "unread" | "earlier" | "pruned" | "lost" | "never-ran" }
);

/** Lines of each reel again and again, made anew only where they changed. */
export type Join = (reels: readonly Reel[], at: number) => Joined[];

export function joiner(): Join {
	const readers = new Map<string, ReturnType<typeof lineReader>>();
	const readerOf = (attempt: string) => {
		const known = readers.get(attempt) ?? lineReader();
		readers.set(attempt, known);
		return known;
	};
	const made = new WeakMap<Line, Joined>();
	const wrap = (reel: Reel, line: Line, at: number, ends: readonly number[]): Joined => {
		const known = made.get(line);
		if (known?.kind === "line" && known.at === at && known.reel === reel && known.ends === ends) return known;
		const item: Joined = { kind: "line", key: `${reel.track.attempt} ${line.key}`, at, reel, line, ends };
		made.set(line, item);
		return item;
	};

	/** What one reel shows at a moment, its times never falling. */
	const told = (reel: Reel, at: number): Joined[] => {
		const gap = gapOf(reel, at);
		if (reel.events.length === 0 || !reel.covers(at)) return gap ? [gap] : [];
		let last = gap?.at ?? reel.span?.from ?? 0;
		const conversation = reel.conversationAt(at);
		const ends = endsOf(conversation.ends);
		const lines = readerOf(reel.track.attempt)(conversation, reel.begins).map((line) => {
			last = Math.max(last, Math.min(line.at ?? last, at));
			return wrap(reel, line, last, ends);
		});
		return gap ? [gap, ...lines] : lines;
	};

	return (reels, at) => {
		const all = reels.flatMap((reel) => told(reel, at)).sort((a, b) => a.at - b.at);
		let speaker: Reel | null = null;
		return all.flatMap((item) => {
			if (item.kind === "gap" && item.why !== "earlier" && item.why !== "pruned") {
				speaker = null;
				return [item];
			}
			if (item.reel === speaker) return [item];
			speaker = item.reel;
			return [{ kind: "speaker" as const, key: `speaker ${item.key}`, at: item.at, reel: item.reel }, item];
		});
	};
}

const moments = new WeakMap<readonly StreamEnd[], readonly number[]>();
/** The same moments for the same ends, so that lines are not made anew for them. */
function endsOf(ends: readonly StreamEnd[]): readonly number[] {
	const known = moments.get(ends) ?? ends.map(({ at }) => at);
	moments.set(ends, known);
	return known;
}

/** What of a track is not here, as of a moment; null where nothing lacks, or where it has not begun by then. */
function gapOf(reel: Reel, at: number): Extract<Joined, { kind: "gap" }> | null {
	const { track, kept, span, events } = reel;
	const key = `gap ${track.attempt}`;
	const gap = (why: Extract<Joined, { kind: "gap" }>["why"], when: number) =>
		when > at ? null : ({ kind: "gap", key, at: when, reel, why } as const);
	if (kept === undefined) return null;
	if (kept === null || span === null) return gap(neverRan(track.outcome) ? "never-ran" : "lost", track.from);
	if (events.length === 0 || !reel.covers(at)) return gap("unread", span.from);
	if (!reel.begins) return gap("earlier", Math.min(events[0]?.[1] ?? at, at));
	return kept.from > 1 && kept.from === reel.horizon ? gap("pruned", span.from) : null;
}
