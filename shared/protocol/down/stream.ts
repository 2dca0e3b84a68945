import { z } from "zod";
import { RESET_REASONS } from "../position.ts";

/**
 * `[seq, at, id, type, properties]`: `at` is when the agent emitted it (epoch milliseconds), `id` the envelope's or null.
 * Bodies cut out of `properties` stand as `{"$body": ref, "size": characters, "head": text}` (STREAM-2).
 */
export const streamEvent = z.tuple([z.int(), z.number(), z.string().nullable(), z.string(), z.unknown()]);
export type StreamEvent = [seq: number, at: number, id: string | null, type: string, properties: unknown];

/** One appended batch (STREAM-1). `left_out` tells of deltas dropped from a catch-up page (SESSION-5). */
export const segment = z.object({
	from: z.int(),
	to: z.int(),
	/** When AgentDO stored it, epoch milliseconds. */
	at: z.number(),
	attempt: z.string().nullable(),
	mark: z.string(),
	events: z.array(streamEvent),
	left_out: z.array(z.object({ from: z.int(), to: z.int(), count: z.int() })).optional(),
});
export type Segment = Omit<z.infer<typeof segment>, "events"> & { events: StreamEvent[] };

/** Segments of one agent in order, `segments` being the last field of the text. With `reset` the reader first drops what it has; `horizon` is the oldest seq still stored. */
export const stream = z.object({
	t: z.literal("stream"),
	agent: z.string(),
	epoch: z.string(),
	/** First and last seq and the mark of the last segment, before the payload. Without segments `from` is `to + 1`. */
	from: z.int(),
	to: z.int(),
	mark: z.string(),
	horizon: z.int(),
	/** Prompts, code and output in it are hidden until they are revealed (SEC-4). */
	hidden: z.literal(true).optional(),
	reset: z.enum(RESET_REASONS).optional(),
	segments: z.array(segment),
});
export type Stream = Omit<z.infer<typeof stream>, "segments"> & { segments: Segment[] };
