import { z } from "zod";

/** States of one feed of a session (SESSION-2); `web/ui` has their words and signs. */
export const FEED_STATES = ["idle", "connecting", "replaying", "live", "waiting"] as const;
export type FeedStateName = (typeof FEED_STATES)[number];

const REVEALED = "revealed:";
/** Name of an agent's feed with its hidden text (SEC-4). */
export const revealedFeed = (agent: string): string => `${REVEALED}${agent}`;
/** The agent of a feed, revealed or not. */
export const agentOfFeed = (feed: string): string =>
	feed.startsWith(REVEALED) ? feed.slice(REVEALED.length) : feed;

/** `feed` is `town`, an agent's id or its `revealedFeed`. Times are epoch milliseconds of the session. */
export const feedState = z.object({
	feed: z.string(),
	state: z.enum(FEED_STATES),
	since: z.number(),
	/** Last thing heard, pongs included, when this was told; it is told when the state changes. Null before the first. */
	heard_at: z.number().nullable(),
	attempt: z.number(),
	/** When the next try starts, while `waiting`. */
	next_at: z.number().nullable(),
	/** Why it is not live, in words. */
	reason: z.string().nullable(),
	gaps: z.number(),
});
export type FeedState = z.infer<typeof feedState>;
