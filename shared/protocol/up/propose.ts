import { z } from "zod";

/** A person may have a longer countdown than the session's own, at most so long. */
const LONGEST_WAIT_MS = 60_000;

/**
 * An intervention. `intervention` is its id and idempotency key, chosen by the page. Answered when its outcome is known, or,
 * where it can be cancelled first, when it is in the ledger (LEDGER-7).
 */
export const propose = z.object({
	t: z.literal("propose"),
	id: z.string().max(64),
	intervention: z.uuid(),
	name: z.string().max(64),
	/** Id of the bead, agent, … that the catalogue entry names. */
	target: z.string().min(1).max(200),
	params: z.record(z.string(), z.unknown()),
	/** Where its entry takes one: it goes to the town and is kept there alone (LEDGER-14). */
	secret: z.string().min(1).max(8_000).nullable().default(null),
	reason: z.string().trim().min(1).max(2_000),
	/** The values of the fields that the entry depends on, as the admin saw them (LEDGER-5). */
	saw: z.record(z.string(), z.unknown()),
	/** The finding acted on, whole, as evidence (LEDGER-6). */
	finding: z.record(z.string(), z.unknown()).nullable(),
	/** How long this admin wants to be able to cancel; the session's own time where that is longer. */
	wait_ms: z.int().min(0).max(LONGEST_WAIT_MS).default(0),
	/** Shared by all that are proposed on one selection. */
	bulk: z.uuid().nullable().default(null),
});
export type Propose = z.infer<typeof propose>;
