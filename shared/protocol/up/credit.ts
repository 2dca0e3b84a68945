import { z } from "zod";

/**
 * Size (`sizeOf`) of the `state`, `changes`, `stream` and `pulse` messages folded since the last credit (SESSION-5). Has no
 * answer.
 */
export const credit = z.object({ t: z.literal("credit"), bytes: z.int().min(0).max(16_777_216) });
