import { z } from "zod";
import { propose } from "./propose.ts";

/** The most steps that one approval may cover. */
const STEPS_MAX = 10;

/**
 * A remedy: interventions in their order, approved at once (LEDGER-9). The session does each when the effect of the one before
 * it was seen, and stops at the first that was not. Answered when it is in the ledger.
 */
export const remedy = propose.pick({ id: true, reason: true, finding: true, wait_ms: true }).extend({
	t: z.literal("remedy"),
	remedy: z.uuid(),
	steps: z
		.array(propose.pick({ intervention: true, name: true, target: true, params: true, saw: true }))
		.min(2)
		.max(STEPS_MAX),
});
export type RemedyMessage = z.infer<typeof remedy>;
