import { z } from "zod";

/** Cancel an intervention that has not started yet. */
export const cancel = z.object({ t: z.literal("cancel"), id: z.string().max(64), intervention: z.uuid() });
