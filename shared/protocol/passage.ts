import type { Segment } from "./down/stream.ts";

/** What is kept of one attempt in its agent's stream, and a piece of it. Times are when the agent emitted them. */
export type Passage = {
	/** Oldest seq that the agent's stream still has; what was before it was pruned (STREAM-3). */
	horizon: number;
	/** First and last seq of the attempt; null where nothing of it is kept. */
	kept: { from: number; to: number; began_at: number; ended_at: number } | null;
	segments: Segment[];
	/** Prompts, code and output in it are hidden from this reader (SEC-4). */
	hidden: boolean;
};
