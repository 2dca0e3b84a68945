import { z } from "zod";
import { changes } from "./down/changes.ts";
import { pulse } from "./down/pulse.ts";
import { state } from "./down/state.ts";
import { stream } from "./down/stream.ts";
import { head } from "./feed.ts";

/**
 * What a session has to know of a frame that it only passes on (SESSION-4). Each message that can be large ends with its
 * payload (`batches`, `segments`, `tables`), so the envelope is read without parsing what it carries.
 */
export const envelope = z.discriminatedUnion("t", [
	changes.omit({ batches: true }),
	stream.omit({ segments: true }),
	state.omit({ tables: true }),
	pulse.pick({ t: true }),
	head,
	z.object({ t: z.literal("pong") }),
]);
export type Envelope = z.infer<typeof envelope>;

/** A quote inside a JSON string is escaped, so these texts can only stand where the payload begins. */
const PAYLOAD = /,"(?:batches|segments|tables|agents)":\[/;

/** Where the field of the payload begins in a frame's text, at its comma; -1 where there is none. The envelope is short: looking further would read a payload. */
export const payloadAt = (text: string): number => text.slice(0, 2_048).search(PAYLOAD);

/** The envelope of a frame's text, or null where it is none of ours. Never throws. */
export function envelopeOf(text: string): Envelope | null {
	const payload = payloadAt(text);
	try {
		return envelope.safeParse(JSON.parse(payload < 0 ? text : `${text.slice(0, payload)}}`)).data ?? null;
	} catch {
		return null;
	}
}

/** What a frame takes of a viewer's credit (SESSION-5): its UTF-16 units, which both sides know without encoding it. */
export const sizeOf = (text: string): number => text.length;
