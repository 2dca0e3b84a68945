import { z } from "zod";
import { ledgerEntry } from "../protocol/ledger-entry.ts";

const words = z.string().trim().min(1).max(200).optional();

const moment = z.iso.datetime({ offset: true, error: "not a time such as 2026-11-22T12:00:00Z" }).optional();

/**
 * What is looked for over all ledgers (LEDGER-4); all that is given has to hold. `admin`, `user`, `town` and `target` are an id or
 * a name, of people also the email; `user` owns the town, or belongs to the organisation that does.
 */
export const ledgerFilter = z.object({
	admin: words,
	user: words,
	town: words,
	target: words,
	/** Name in the catalogue; `access`, `refusal` or `disclosure` of what is no intervention. */
	action: words,
	/** State of the fold: `applied`, `seen`, `cleared`, `refused`… */
	outcome: words,
	/** First and last moment of the beginning, as ISO texts. */
	from: moment,
	to: moment,
	/** Part of what was said: reason, case, names, answers. */
	q: words,
	/** Only what was done or refused to be done, without visits. */
	without: z.literal("access").optional(),
});
export type LedgerFilter = z.infer<typeof ledgerFilter>;

/** One intervention, access or refusal with all its rows, and whose ledger it stands in. */
export const foundStory = z.object({
	town: z.string(),
	/** Null where the town has not been described yet. */
	town_name: z.string().nullable(),
	entries: z.array(ledgerEntry),
});
export type FoundStory = z.infer<typeof foundStory>;

/** Newest first; `next` is the cursor of the page after it, null at the end. */
export const ledgerPage = z.object({
	stories: z.array(foundStory),
	next: z.string().nullable(),
	at: z.string(),
});
export type LedgerPage = z.infer<typeof ledgerPage>;
