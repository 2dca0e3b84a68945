import { z } from "zod";

/** Every ten seconds; the answer has the session's and the town's clock. */
export const ping = z.object({ t: z.literal("ping"), id: z.string().max(64) });
