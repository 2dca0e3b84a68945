import { z } from "zod";

/** A drill as it is offered: a root cause that can be brought about for practice. */
export const drillOffer = z.object({
	/** The finding that is to be told, e.g. `agent.container-died`. */
	code: z.string(),
	/** What the town's owner would write to the support. */
	says: z.string(),
	/** What is done to the town, in one sentence. */
	how: z.string(),
	/** Where nobody presses anything: it mends itself within so many seconds, or still stands after them. */
	alone: z.object({ mends: z.boolean(), withinS: z.number() }),
	/** Its outer cause is taken away by its owner or by time, where a button cannot. */
	outside: z.boolean(),
});
export type DrillOffer = z.infer<typeof drillOffer>;
export const drillOffers = z.object({ drills: z.array(drillOffer) });

/** How far a drill has come in its town. Times are epoch milliseconds. */
export const drillRun = z.object({
	code: z.string(),
	town: z.string(),
	state: z.enum(["breaking", "broken", "failed"]),
	broken_at: z.number().nullable(),
	error: z.string().nullable(),
	/** Beads that are closed in the end, once it is mended. */
	work: z.array(z.string()),
	/** Beads that its remedy gives up: failed in the end. */
	given_up: z.array(z.string()).optional(),
	/** The Mayor has answered what it was told last, once it is mended. */
	answered: z.boolean().optional(),
	/** What an admin has to choose in the remedy's sheet, by intervention: e.g. which integration. */
	choose: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
	/** What an admin types where the remedy takes a secret, by intervention. Practice only: nothing real stands here. */
	secrets: z.record(z.string(), z.string()).optional(),
});
export type DrillRun = z.infer<typeof drillRun>;
