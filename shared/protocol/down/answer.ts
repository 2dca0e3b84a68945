import { z } from "zod";

/** `code` is for programs, `message` for people; both say what to do next where something can be done. */
export const failure = z.object({
	code: z.string(),
	message: z.string(),
	details: z.record(z.string(), z.unknown()).optional(),
});
export type Failure = z.infer<typeof failure>;

/** Exactly one for each request. */
export const answer = z.union([
	z.object({ t: z.literal("answer"), id: z.string(), ok: z.literal(true), value: z.unknown() }),
	z.object({ t: z.literal("answer"), id: z.string(), ok: z.literal(false), error: failure }),
]);
export type Answer = z.infer<typeof answer>;
