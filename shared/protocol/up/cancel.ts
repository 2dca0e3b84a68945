import { z } from "zod";

/**
 * Stops what is not done yet (LEDGER-7, LEDGER-9): an intervention within its seconds, a step of a remedy whose turn has not
 * come, or, by their shared id, all of a selection that still wait. Anybody who watches the town may.
 */
export const cancel = z.object({ t: z.literal("cancel"), id: z.string().max(64), of: z.uuid() });
