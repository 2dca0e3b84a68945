import { createHash } from "node:crypto";
import type { Sql } from "../live-ops/index.ts";
import type { QueryAnswer, Refusal } from "../rpc.ts";
import type { StreamLimits } from "./limits.ts";

/** Characters of a cut body that stay in the stream, so that it can be read without a fetch. */
const HEAD = 1_024;
const TAIL = 512;

/** A cut body by its reference. */
export type CutBodies = Map<string, string>;

/** What stands in the stream for a cut text. `json` where the text is the JSON of a list or object. */
type Cut = { $body: string; size: number; head: string; tail: string; json?: true };

const isObject = (value: unknown): value is Record<string, unknown> | unknown[] =>
	typeof value === "object" && value !== null;

function cutText(text: string, bodies: CutBodies): Cut {
	const ref = createHash("sha256").update(text).digest("hex");
	bodies.set(ref, text);
	return { $body: ref, size: text.length, head: whole(text.slice(0, HEAD)), tail: whole(text.slice(-TAIL)) };
}

/** Without the half of a surrogate pair that a cut may leave. */
const whole = (text: string): string => text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");

function cutStrings(value: unknown, longest: number, bodies: CutBodies): unknown {
	if (typeof value === "string") return value.length > longest ? cutText(value, bodies) : value;
	if (!isObject(value)) return value;
	if (Array.isArray(value)) {
		const list = value.map((item) => cutStrings(item, longest, bodies));
		return list.some((item, index) => item !== value[index]) ? list : value;
	}
	let copy: Record<string, unknown> | null = null;
	for (const [key, item] of Object.entries(value)) {
		const cut = cutStrings(item, longest, bodies);
		if (cut === item) continue;
		copy ??= { ...value };
		copy[key] = cut;
	}
	return copy ?? value;
}

/** Cuts whole lists, and objects below the second level, that are larger than `longest` as JSON. */
function cutContainers(value: unknown, longest: number, bodies: CutBodies, depth: number): unknown {
	if (!isObject(value)) return value;
	const text = JSON.stringify(value);
	if (text.length <= longest) return value;
	const asBody = () => ({ ...cutText(text, bodies), json: true as const });
	if (Array.isArray(value)) return asBody();
	const next = Object.fromEntries(
		Object.entries(value).map(([key, item]) => [key, cutContainers(item, longest, bodies, depth + 1)]),
	);
	return depth >= 2 && JSON.stringify(next).length > longest ? asBody() : next;
}

/**
 * The JSON of an event's properties with everything long cut out of it (STREAM-2). Bodies are added to `bodies`; equal
 * texts are one body, however often they come.
 */
export function cutProperties(
	properties: unknown,
	limits: StreamLimits,
	bodies: CutBodies,
): [unknown, string] {
	const strings = cutStrings(properties, limits.bodyCharacters, bodies);
	const text = JSON.stringify(strings ?? null);
	if (text.length <= limits.eventCharacters) return [strings, text];
	const small = cutContainers(strings, limits.bodyCharacters, bodies, 0);
	const smallText = JSON.stringify(small);
	if (smallText.length <= limits.eventCharacters) return [small, smallText];
	const all = { ...cutText(smallText, bodies), json: true };
	return [all, JSON.stringify(all)];
}

/** A text in pieces of about so many characters, none of which ends within a surrogate pair: SQLite stores UTF-8. */
function piecesOf(text: string, characters: number): string[] {
	const pieces: string[] = [];
	for (let from = 0; from < text.length; ) {
		const end = Math.min(from + characters, text.length);
		const unit = text.charCodeAt(end - 1);
		const to = end < text.length && unit >= 0xd800 && unit <= 0xdbff ? end + 1 : end;
		pieces.push(text.slice(from, to));
		from = to;
	}
	return pieces;
}

/** Stores bodies that are not there yet, and notes that the event at `seq` refers to them. Answers the bytes added. */
export function storeBodies(sql: Sql, bodies: CutBodies, seq: number, pieceCharacters: number): number {
	let added = 0;
	for (const [ref, text] of bodies) {
		if (sql.one("UPDATE body SET last_seq = ? WHERE ref = ? RETURNING ref", seq, ref)) continue;
		const bytes = Buffer.byteLength(text);
		const pieces = piecesOf(text, pieceCharacters);
		sql.run(
			"INSERT INTO body (ref, size, pieces, bytes, last_seq) VALUES (?, ?, ?, ?, ?)",
			ref,
			text.length,
			pieces.length,
			bytes,
			seq,
		);
		for (const [piece, part] of pieces.entries())
			sql.run("INSERT INTO body_piece (ref, piece, text) VALUES (?, ?, ?)", ref, piece, part);
		added += bytes;
	}
	return added;
}

/** One piece of a body: `rows: [{ref, piece, pieces, size, text}]`, `more` while pieces follow. */
export function readBody(sql: Sql, ref: string, piece: number): QueryAnswer | Refusal {
	const row = sql.one<{ ref: string; piece: number; pieces: number; size: number; text: string }>(
		"SELECT ref, piece, pieces, size, text FROM body JOIN body_piece USING (ref) WHERE ref = ? AND piece = ?",
		ref,
		piece,
	);
	if (!row) return { ok: false, code: "no-such-body", message: "This text is no longer stored." };
	return { rows: [row], more: piece + 1 < row.pieces };
}
