import { z } from "zod";
import { CLOSE, type CloseCode, LIMITS, PROTOCOL_VERSION, type Up, up } from "../../shared/protocol/index.ts";
import type { Viewer } from "./viewer.ts";

/** What became of a text from a viewer. */
export type Read =
	| { kind: "message"; message: Up }
	/** A request that can be answered, and is wrong. */
	| { kind: "refuse"; id: string; message: string }
	| { kind: "close"; code: CloseCode; reason: string };

/** What any request has, so that a wrong one can be answered. */
const request = z.looseObject({ t: z.string(), id: z.string().max(64) });
const hello = z.looseObject({ t: z.literal("hello"), version: z.unknown() });

const close = (code: CloseCode, reason: string): Read => ({ kind: "close", code, reason });

/** Checks a text from a viewer in full: size, rate, form (SEC-3). Never throws. */
export function read(viewer: Viewer, raw: string | ArrayBuffer, now: number): Read {
	if (typeof raw !== "string") return close(CLOSE.badMessage, "Messages are text.");
	if (raw.length > LIMITS.messageBytes || new TextEncoder().encode(raw).length > LIMITS.messageBytes)
		return close(CLOSE.tooLarge, "A message may have 64 KiB.");
	let json: unknown;
	try {
		json = JSON.parse(raw);
	} catch {
		return close(CLOSE.badMessage, "The message is not JSON.");
	}
	const parsed = up.safeParse(json);
	const over = count(viewer, parsed.success ? parsed.data.t : "other", now);
	if (over) return close(CLOSE.tooMany, over);
	// Before anything else of it: an old page's `hello` may look different in every other way.
	const version = hello.safeParse(json);
	if (version.success && version.data.version !== PROTOCOL_VERSION)
		return close(CLOSE.oldPage, "This page is of another version. Reload it.");
	if (parsed.success) return { kind: "message", message: parsed.data };
	const asked = request.safeParse(json);
	if (!asked.success) return close(CLOSE.badMessage, "The message is not of the protocol.");
	return { kind: "refuse", id: asked.data.id, message: wordsOf(parsed.error) };
}

/** Counts by the minute; gives words when it is too much. Credits and pings have limits of their own. */
function count(viewer: Viewer, type: string, now: number): string | null {
	const { counts } = viewer;
	if (now - counts.since >= 60_000) Object.assign(counts, { since: now, messages: 0, credits: 0, pings: 0 });
	if (type === "credit" && ++counts.credits > LIMITS.creditsPerMinute) return "Too many credits in a minute.";
	if (type === "ping" && ++counts.pings > LIMITS.pingsPerMinute) return "Too many pings in a minute.";
	if (type !== "credit" && type !== "ping" && ++counts.messages > LIMITS.messagesPerMinute)
		return `More than ${LIMITS.messagesPerMinute} messages in a minute.`;
	return null;
}

/** The first thing that is wrong, naming its field. */
function wordsOf(error: z.ZodError): string {
	const issue = error.issues[0];
	const field = issue?.path.join(".");
	return field ? `${field}: ${issue?.message}` : (issue?.message ?? "not of the protocol");
}
