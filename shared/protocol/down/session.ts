import { z } from "zod";
import { feedState } from "../feed-state.ts";
import { intention } from "../up/focus.ts";

/** One open page. `focus` and `intention` as that page said it. */
export const viewer = z.object({
	id: z.string(),
	admin: z.string(),
	name: z.string(),
	email: z.string(),
	since: z.number(),
	focus: z.string().nullable(),
	intention: intention.nullable(),
});
export type Viewer = z.infer<typeof viewer>;

/** Sent on change: state of every feed, who is here, and how far behind this viewer is. */
export const session = z.object({
	t: z.literal("session"),
	now: z.number(),
	feeds: z.array(feedState),
	viewers: z.array(viewer),
	/** Bytes of frames not yet sent to this viewer; 0 when live (SESSION-5). */
	behind_bytes: z.int(),
	/** Milliseconds over which frames are joined for everyone, 0 when they are passed on as they come (SESSION-4). */
	joined_ms: z.int(),
	/** The session woke without memory: say `hello` again with your cursors (SESSION-6). */
	say_hello: z.boolean(),
});
export type SessionMessage = z.infer<typeof session>;
