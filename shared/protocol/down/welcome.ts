import { z } from "zod";
import { feedState } from "../feed-state.ts";
import { position } from "../position.ts";
import { viewer } from "./session.ts";

/** Answer to `hello`. `now` is the session's clock; `resumed` says that the page's cursor holds and only what follows is sent. */
export const welcome = z.object({
	t: z.literal("welcome"),
	id: z.string(),
	version: z.int(),
	viewer: z.string(),
	admin: z.object({ id: z.string(), email: z.string(), name: z.string() }),
	town: z.object({ id: z.string(), name: z.string(), owner_type: z.string(), owner_id: z.string() }),
	now: z.number(),
	resumed: z.boolean(),
	feeds: z.array(feedState),
	/** Where the session's feed of the town stands: until this page is there, it does not see the town as it is. Null where not known. */
	head: position.nullable(),
	viewers: z.array(viewer),
	/** When this socket closes unless renewed, epoch milliseconds. */
	expires_at: z.number(),
});
