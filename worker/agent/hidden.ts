import { createHash } from "node:crypto";
import { type Body, eventOf, isBody, isRecord } from "../../shared/conversation/index.ts";
import type { Segment, StreamEvent } from "../../shared/protocol/index.ts";
import type { StoredSegment } from "./segments.ts";

/**
 * The encoding of a stream in which prompts, code and output are hidden (SEC-4): events, their order, kinds, times, sizes,
 * paths, exit codes and errors stay, so that what is wrong can still be told. Whatever is not known to be harmless is hidden.
 */

/** Events that hold no text of a conversation. */
const PLAIN = new Set([
	"agent.exited",
	"session.idle",
	"session.status",
	"session.error",
	"session.compacted",
	"permission.replied",
	"message.removed",
	"message.part.removed",
]);

/** Fields whose strings say what something is, not what was said. */
const PLAIN_FIELDS = new Set([
	..."id sessionID messageID partID callID parentID permissionID requestID projectID providerID modelID".split(
		" ",
	),
	..."type role mode agent tool status finish reason field mime filename filePath path directory".split(" "),
	..."version permission source cwd root name".split(" "),
]);

/**
 * Of what a tool was given and says of itself: any name may hold what was said there, but for where it worked and whom it
 * called.
 */
const PLACES = new Set("filename filePath path directory sessionID messageID callID parentID".split(" "));
const OF_TOOLS = new Set(["input", "metadata"]);

/** Fields that stay with all that is in them: what failed, and what an answer is asked for. */
const PLAIN_TREES = new Set(["error", "time", "tokens", "patterns", "cache"]);

/** What a shell says of how its command was ended stands after the command's own output, and is not hidden. */
const ENDED = /<(shell|bash)_metadata>(?:(?!<(?:shell|bash)_metadata>)[\s\S])*?<\/\1_metadata>\s*$/;
const TAIL = 1_024;

/** Equal texts have equal names, so that a loop is still seen; `salt` keeps short ones from being guessed. */
function standIn(value: string | Body, salt: string, isOutput: boolean): Body {
	const text = isBody(value) ? value.$body : value;
	const name = createHash("sha256").update(`${salt}\n${text}`).digest("hex").slice(0, 16);
	const size = isBody(value) ? value.size : value.length;
	const words = isBody(value) ? null : value.split(/\s+/).filter(Boolean).length;
	const what =
		words === null
			? `${size.toLocaleString("en-US")} characters`
			: `${words.toLocaleString("en-US")} word${words === 1 ? "" : "s"}`;
	const tail = isBody(value) ? (value.tail ?? "") : value.slice(-TAIL);
	const [ended] = (isOutput && ENDED.exec(tail)) || [];
	return {
		...{ $body: `hidden:${name}`, size, head: `Hidden: ${what}`, hidden: true },
		...(ended === undefined ? {} : { tail: ended }),
	};
}

function hideIn(value: unknown, salt: string, key = "", ofTool = false): unknown {
	if (typeof value === "string") return value === "" ? "" : standIn(value, salt, key === "output");
	if (isBody(value)) return standIn(value, salt, key === "output");
	if (Array.isArray(value)) return value.map((item) => hideIn(item, salt, key, ofTool));
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => {
			const plain = ofTool
				? PLACES.has(name) && typeof item === "string"
				: PLAIN_TREES.has(name) || (PLAIN_FIELDS.has(name) && typeof item === "string");
			return [name, plain ? item : hideIn(item, salt, name, ofTool || OF_TOOLS.has(name))];
		}),
	);
}

function hideEvent(event: StreamEvent, salt: string): StreamEvent {
	const [seq, at, id, type, properties] = event;
	const { type: spelled } = eventOf(event);
	if (PLAIN.has(spelled)) return event;
	if (spelled === "message.part.delta" && isRecord(properties))
		return [seq, at, id, type, { ...properties, delta: "" }];
	return [seq, at, id, type, hideIn(properties, salt)];
}

/** The same segment with its texts hidden; its position and mark are the same (FEED-2). */
export function hideSegment(segment: StoredSegment, salt: string): StoredSegment {
	const { events, ...rest } = JSON.parse(segment.text) as Segment;
	const text = JSON.stringify({ ...rest, events: events.map((event) => hideEvent(event, salt)) });
	return { ...segment, text, bytes: Buffer.byteLength(text) };
}

/** Segments as this reader may see them. */
export type SegmentView = (segments: Iterable<StoredSegment>) => Iterable<StoredSegment>;

export const shown: SegmentView = (segments) => segments;

export function hiddenWith(salt: () => string): SegmentView {
	return function* (segments) {
		for (const segment of segments) yield hideSegment(segment, salt());
	};
}
