import { z } from "zod";
import { receipt } from "./receipt.ts";

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
/** The finding acted on is gone from the town's diagnosis, or has come back. */
export const clearedBody = z.object({ cleared: z.boolean(), finding: z.string(), ms: z.number() });
/** A town was opened live or left (LEDGER-11); `seconds` from the first opening to the last page's leaving. */
export type AccessBody = { case: string; event: "opened" | "left"; seconds: number | null };
/** A proposal or a socket of a known admin that was refused before any order; at most one per admin, reason and minute. */
export type RefusalBody = { what: string; code: string; message: string };

export type IntentBody = z.infer<typeof intentBody>;
export type OutcomeBody = z.infer<typeof outcomeBody>;
export type ProofBody = z.infer<typeof proofBody>;
