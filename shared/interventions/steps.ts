import { z } from "zod";
import { receipt } from "./receipt.ts";

/** A step of a remedy as it was approved; `intervention` is the id under which it will be done. */
const remedyStep = z.object({ intervention: z.string(), name: z.string(), target: z.string() });

/** Bodies of ledger entries by step. `case` is the reason given when the town was opened. */
export const intentBody = z.object({
	name: z.string(),
	target: z.string(),
	/** Name of the target at that moment: it may be deleted later. */
	target_name: z.string(),
	params: z.record(z.string(), z.unknown()),
	reason: z.string(),
	case: z.string(),
	saw: z.record(z.string(), z.unknown()),
	finding: z.record(z.string(), z.unknown()).nullable(),
	/** The town's position when the intent was written. */
	seq: z.int(),
	/** When it is to be done, epoch milliseconds of the session, if it can be cancelled until then (LEDGER-7). */
	due: z.number().optional(),
	/** One step of a remedy that was approved as a whole (LEDGER-9); counted from 1. */
	remedy: z.object({ id: z.string(), step: z.int(), steps: z.array(remedyStep) }).optional(),
	/** Shared by all that were proposed on one selection. */
	bulk: z.string().optional(),
});
export const outcomeBody = receipt.omit({ id: true }).extend({
	outcome: z.enum(["applied", "refused", "noop", "never", "unknown"]),
});
/** `seen`: every effect was seen, after `ms`. Else `missing` lists the labels not seen in time. */
export const proofBody = z.object({
	seen: z.boolean(),
	ms: z.number(),
	seq: z.int(),
	missing: z.array(z.string()),
});
/** Somebody stopped it before it was done, so many milliseconds after its intent (LEDGER-7). */
export const cancelledBody = z.object({ ms: z.number() });
/** The finding acted on is gone from the town's diagnosis, or has come back. */
export const clearedBody = z.object({ cleared: z.boolean(), finding: z.string(), ms: z.number() });
/** A town was opened live or left (LEDGER-11); `seconds` from the first opening to the last page's leaving. */
export type AccessBody = { case: string; event: "opened" | "left"; seconds: number | null };
/** A proposal or a socket of a known admin that was refused before any order; at most one per admin, reason and minute. */
export type RefusalBody = { what: string; code: string; message: string };

export type IntentBody = z.infer<typeof intentBody>;
export type OutcomeBody = z.infer<typeof outcomeBody>;
export type CancelledBody = z.infer<typeof cancelledBody>;
export type ProofBody = z.infer<typeof proofBody>;
