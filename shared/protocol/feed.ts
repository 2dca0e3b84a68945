import { z } from "zod";
import { position } from "./position.ts";

/**
 * The hop between AdminSession and TownDO or AgentDO, path `FEED_PATH`. The subscriber sends `subscribe`; what it gets is
 * `state`, `changes`, `stream` and `pulse`, the very text that viewers get, and `head` when a subscription is in place or
 * the object has woken: a subscriber behind that position subscribes again.
 */
export const FEED_PATH = "/live-ops/feed";

/** Header with the id of the subscribing session: a newer subscription of it closes the older (FEED-8). */
export const SUBSCRIBER_HEADER = "x-live-ops-subscriber";

/** Header with the town a follow comes from; AgentDO refuses a foreign one with 403 (STREAM-7). */
export const TOWN_HEADER = "x-live-ops-town";

/** Header on a follow of somebody who has revealed the conversation: hidden text is sent to no other (SEC-4). */
export const REVEALED_HEADER = "x-live-ops-revealed";

export const subscribe = z.object({
	t: z.literal("subscribe"),
	cursor: position.nullable(),
	/** Streams only: where there is no cursor, begin at the last so many bytes. */
	tail_bytes: z.int().optional(),
});
export type Subscribe = z.infer<typeof subscribe>;

/** `now` is the clock of the object. */
export const head = z.object({ t: z.literal("head"), position, horizon: z.int(), now: z.number() });
export type Head = z.infer<typeof head>;

/** Auto-response pair: does not wake the object (SESSION-6). */
export const FEED_PING = '{"t":"ping"}';
export const FEED_PONG = '{"t":"pong"}';

/** Close code of a feed socket when the same session has opened a newer one. */
export const FEED_REPLACED = 4409;
