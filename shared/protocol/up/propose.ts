import { z } from "zod";

/** An intervention. `intervention` is its id and idempotency key, chosen by the page. Answered when its outcome is known. */
export const propose = z.object({
	t: z.literal("propose"),
	id: z.string().max(64),
	intervention: z.uuid(),
	name: z.string().max(64),
	/** Id of the bead, agent, … that the catalogue entry names. */
	target: z.string().min(1).max(200),
	params: z.record(z.string(), z.unknown()),
	reason: z.string().trim().min(1).max(2_000),
	/** The values of the fields that the entry depends on, as the admin saw them (LEDGER-5). */
	saw: z.record(z.string(), z.unknown()),
	/** The finding acted on, whole, as evidence (LEDGER-6). */
	finding: z.record(z.string(), z.unknown()).nullable(),
});
export type Propose = z.infer<typeof propose>;
