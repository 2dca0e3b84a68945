import { z } from "zod";
import { position } from "../position.ts";
import { intention } from "./focus.ts";

/** First message of a connection, and again when the session asks (SESSION-6): where this page is, and why it looks. */
export const hello = z.object({
	t: z.literal("hello"),
	id: z.string().max(64),
	version: z.int(),
	/** Null: this page has nothing yet. */
	cursor: position.nullable(),
	streams: z.array(z.object({ agent: z.string().max(200), cursor: position.nullable() })).max(40),
	/** Case or a few words; recorded with the opening of the town (LEDGER-11). */
	reason: z.string().trim().min(1).max(500),
	focus: z.string().max(200).nullable(),
	intention: intention.nullable().default(null),
});
