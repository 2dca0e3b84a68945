import { isRecord } from "./event.ts";
import type { Body, Text } from "./types.ts";

/** True for what stands where a long string was cut out of the stream (STREAM-2). */
export const isBody = (value: unknown): value is Body => isRecord(value) && typeof value.$body === "string";

/** What can be shown at once: the text, or the head of one that was cut. Anything else is shown as JSON. */
export function headOf(value: unknown): string {
	if (typeof value === "string") return value;
	if (isBody(value)) return value.head;
	return value === undefined ? "" : (JSON.stringify(value) ?? "");
}

/** True length in characters. */
export const sizeOf = (value: Text | undefined): number =>
	value === undefined ? 0 : typeof value === "string" ? value.length : value.size;

/** Every cut body in a value, however deep; hidden ones are none that could be read. */
export function bodiesIn(value: unknown): Body[] {
	if (isBody(value)) return value.hidden ? [] : [value];
	if (Array.isArray(value)) return value.flatMap(bodiesIn);
	return isRecord(value) ? Object.values(value).flatMap(bodiesIn) : [];
}

/** The value with the head of each cut body in its place, and a sign that there is more. */
export function withHeads(value: unknown): unknown {
	if (isBody(value)) return value.hidden ? value.head : `${value.head}…`;
	if (Array.isArray(value)) return value.map(withHeads);
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withHeads(item)]));
}

/** The value with every cut body put back; `fetch` gives the whole text of a reference. */
export function withBodies(value: unknown, fetch: (ref: string) => string): unknown {
	// What was cut as JSON may itself hold bodies that were cut before it.
	if (isBody(value) && value.hidden) return value;
	if (isBody(value))
		return value.json ? withBodies(JSON.parse(fetch(value.$body)), fetch) : fetch(value.$body);
	if (Array.isArray(value)) return value.map((item) => withBodies(item, fetch));
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withBodies(item, fetch)]));
}
