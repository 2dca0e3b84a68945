import { z } from "zod";
import { cause } from "./cause.ts";

/** `[seq, entity, key, op, row]`: `put` with the whole row, or `del` with null. */
export const change = z.tuple([z.int(), z.string(), z.string(), z.enum(["put", "del"]), z.unknown()]);
export type Change = [seq: number, entity: string, key: string, op: "put" | "del", row: unknown];

/** One synchronous run of one cause (FEED-5): applied whole or not at all. `at` is the town's clock in epoch milliseconds. */
export const batch = z.object({
	from: z.int(),
	to: z.int(),
	at: z.number(),
	cause: cause.nullable(),
	mark: z.string(),
	changes: z.array(change),
});
export type Batch = Omit<z.infer<typeof batch>, "changes"> & { changes: Change[] };
