import { parseTime } from "../replay/parse-time.ts";

/** A moment of a town as an address or a person names it: a change, a time (epoch milliseconds), or now. */
export type Where = { is: "live" } | { is: "seq"; seq: number } | { is: "at"; at: number };

const DAY = 86_400_000;
const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY };

/** `at=` of an address: a seq, or a time in ISO 8601; null where it is neither. */
export function parseAt(text: string | undefined): Exclude<Where, { is: "live" }> | null {
	if (text === undefined) return null;
	if (/^\d{1,15}$/.test(text)) return { is: "seq", seq: Number(text) };
	const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(at) ? null : { is: "at", at };
}

/** What stands in the address; undefined for now. */
export function formatAt(where: Where): string | undefined {
	if (where.is === "live") return undefined;
	return where.is === "seq" ? String(where.seq) : new Date(where.at).toISOString();
}

/**
 * What a person writes: `12:04:31` (the newest such time, in the reader's zone), `-10m`, `47,902` (a change), `2026-11-22T12:04:31Z`, `live`.
 * Null for anything else. `now` is the town's clock.
 */
export function parseWhere(typed: string, now: number): Where | null {
	const text = typed.trim().replace(/^=/, "").trim();
	if (/^(live|now)$/i.test(text)) return { is: "live" };
	const back = /^-\s*(\d+(?:\.\d+)?)\s*([smhd])$/i.exec(text);
	if (back) return { is: "at", at: now - Number(back[1]) * (UNITS[back[2]?.toLowerCase() ?? ""] ?? 0) };
	if (/^\d{1,3}(,\d{3})+$|^\d{1,15}$/.test(text)) return { is: "seq", seq: Number(text.replaceAll(",", "")) };
	const written = parseAt(text);
	if (written) return written;
	if (!/^\d{1,2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(text)) return null;
	const today = parseTime(text, now);
	if (today === null) return null;
	// A time that is still to come was yesterday's.
	return { is: "at", at: today <= now ? today : (parseTime(text, now - DAY) ?? today) };
}
