import { z } from "zod";

export const LEDGER_STEPS = [
	"intent",
	"started",
	"outcome",
	"proof",
	"cleared",
	"cancelled",
	"disclosure",
	"access",
	"refusal",
] as const;
export type LedgerStep = (typeof LEDGER_STEPS)[number];

/** One row of the ledger (LEDGER-3): a step of one intervention, or an access. `hash` covers `prev_hash` and the stored text. */
export const ledgerEntry = z.object({
	n: z.int(),
	/** The intervention's id, or the access's. */
	id: z.string(),
	step: z.string(),
	at: z.number(),
	admin: z.object({ id: z.string(), email: z.string(), name: z.string() }).nullable(),
	/** Depends on the step: see shared/interventions/steps.ts. */
	body: z.record(z.string(), z.unknown()),
	prev_hash: z.string(),
	hash: z.string(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;
