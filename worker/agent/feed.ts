import type { Position, ResetReason, Subscribe } from "../../shared/protocol/index.ts";
import { whyReset } from "../live-ops/epoch.ts";
import type { FeedSource } from "../live-ops/index.ts";
import { type SegmentView, shown } from "./hidden.ts";
import { type FrameHead, framesOf, markAt, segmentsAfter, tailStart } from "./segments.ts";
import type { AgentStream } from "./stream.ts";

/** Where a follower without a cursor begins, bytes before the end. */
const TAIL_BYTES = 512 * 1024;

/** Why what follows a cursor cannot be given, or null. The mark of what was pruned is no longer known. */
export function whyNot({ state, sql, head }: AgentStream, cursor: Position | null): ResetReason | null {
	return whyReset(
		{
			epoch: state.epoch,
			head: () => head,
			horizon: () => readableFrom(state.horizon),
			markAt: (seq) => markAt(sql, seq),
		},
		cursor,
	);
}

/** The oldest position from which everything that follows can still be given. */
const readableFrom = (horizon: number): number => (horizon === 1 ? 0 : horizon);

export function frameHead({ state, head }: AgentStream, view: SegmentView): FrameHead {
	return { agent: state.agent ?? "", horizon: state.horizon, hidden: view !== shown, ...head };
}

/** The stream as a feed: frames are joined from stored text (SESSION-4), as `view` shows it. */
export function streamSource(stream: AgentStream, view: () => SegmentView): FeedSource {
	const frames = (after: number, reset?: ResetReason) =>
		framesOf(view()(segmentsAfter(stream.sql, after)), frameHead(stream, view()), reset);
	function* texts(after: number, reset: ResetReason): Generator<string> {
		for (const { text } of frames(after, reset)) yield text;
	}
	return {
		head: () => stream.head,
		horizon: () => readableFrom(stream.state.horizon),
		after: (seq) => frames(seq),
		replay: ({ cursor, tail_bytes }: Subscribe) => {
			const reset = whyNot(stream, cursor);
			if (cursor && !reset) return { after: cursor.seq };
			const { sql, head } = stream;
			return { texts: texts(tailStart(sql, head.seq, tail_bytes ?? TAIL_BYTES), reset ?? "first") };
		},
	};
}
