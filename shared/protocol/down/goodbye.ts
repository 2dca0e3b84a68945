import { z } from "zod";

/** The last message before a close that is meant; `code` is one of CLOSE. */
export const goodbye = z.object({ t: z.literal("goodbye"), code: z.int(), reason: z.string() });
