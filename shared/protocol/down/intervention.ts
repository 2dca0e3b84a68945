import { z } from "zod";
import { ledgerEntry } from "../ledger-entry.ts";

/** New ledger rows, to every viewer at once. */
export const intervention = z.object({ t: z.literal("intervention"), entries: z.array(ledgerEntry) });
