import { duration } from "../../ui/format/duration.ts";
import { clockTime } from "../../ui/format/time.ts";

/** The name of a bead, an agent or a person; null for an id that is none of them. */
export type NameOf = (id: string) => string | null;
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (of: unknown): of is Fields =>
	typeof of === "object" && of !== null && !Array.isArray(of);
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
export const isNone = (of: unknown): boolean => of === null || of === undefined || of === "";

/** `in_progress` as `In progress`. */
export function wordOf(of: unknown): string {
	const words = isNone(of) ? "none" : String(of).replaceAll("_", " ");
	return words.charAt(0).toUpperCase() + words.slice(1);
}

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Who or what an id is: its name, else the short id. */
export const named = (of: unknown, nameOf: NameOf): string => {
	if (isNone(of)) return "nobody";
	const id = String(of);
	return nameOf(id) ?? (ID.test(id) ? id.slice(0, 8) : id);
};

/** Somebody's own words, cut so that a line stays a line. */
export function quoted(of: unknown, most = 120): string {
	const said = String(of).replaceAll(/\s+/g, " ").trim();
	return `"${said.length > most ? `${said.slice(0, most)}…` : said}"`;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
/** Numbers above this are epoch milliseconds of this century. */
const EPOCH = 1_000_000_000_000;

/** A value of a row, short: names for ids, times of the reader's zone. */
export function value(of: unknown, nameOf: NameOf): string {
	if (isNone(of)) return "none";
	if (typeof of === "string") {
		const name = nameOf(of);
		if (name !== null) return name;
		if (ID.test(of)) return of.slice(0, 8);
		if (ISO.test(of)) return clockTime(Date.parse(of));
	}
	if (typeof of === "number" && of > EPOCH) return clockTime(of);
	if (typeof of === "number" && !Number.isInteger(of)) return of.toFixed(3);
	if (Array.isArray(of)) return of.length === 0 ? "none" : of.map((one) => value(one, nameOf)).join(", ");
	const told = typeof of === "object" ? JSON.stringify(of) : String(of);
	return told.length > 80 ? `${told.slice(0, 80)}…` : told;
}

/** `exit 137`, `SIGKILL`, or that nobody saw it. */
export const exitWords = (code: unknown, signal: unknown = null): string =>
	typeof code === "number" ? `exit ${code}` : isNone(signal) ? "exit not seen" : String(signal);

export const took = (ms: unknown): string => (typeof ms === "number" ? `, ${duration(ms)}` : "");
