const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a formatter costs more than using it a thousand times. */
const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
	const key = JSON.stringify(options);
	const found = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", options);
	formats.set(key, found);
	return found;
};

const HM: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const HMS: Intl.DateTimeFormatOptions = { ...HM, second: "2-digit" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

export type TimeDetail = "minutes" | "seconds" | "millis";

/** `12:04`, `12:04:31` or `12:04:31.204` in the reader's zone, or in `zone` (an IANA name). */
export function clockTime(ms: number, detail: TimeDetail = "seconds", zone?: string): string {
	const text = format({ ...(detail === "minutes" ? HM : HMS), timeZone: zone }).format(ms);
	return detail === "millis" ? `${text}.${String(Math.floor(ms) % 1_000).padStart(3, "0")}` : text;
}

const dayOf = (ms: number, zone?: string): string =>
	format({ year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone }).format(ms);

/** `12:04:31` on the day of `now`, `22 Nov 12:04` else. */
export function shortTime(ms: number, now: number, zone?: string): string {
	if (dayOf(ms, zone) === dayOf(now, zone)) return clockTime(ms, "seconds", zone);
	return `${format({ ...DAY, timeZone: zone }).format(ms)} ${clockTime(ms, "minutes", zone)}`;
}

/** `12:00`, and `22 Nov` where a day begins: the marks of a time axis, whose last tells the day of all. */
export function axisTime(ms: number, first: boolean, zone?: string): string {
	const clock = clockTime(ms, "minutes", zone);
	return first || clock === "00:00" ? `${clock}\n${format({ ...DAY, timeZone: zone }).format(ms)}` : clock;
}

/** `22 Nov 12:04:31`: what the ledger always shows. */
export const dateTime = (ms: number, zone?: string): string =>
	`${format({ ...DAY, timeZone: zone }).format(ms)} ${clockTime(ms, "seconds", zone)}`;

/** Everything about a moment, for hover and focus: date, milliseconds, zone, UTC and, where known, seq. */
export function wholeTime(ms: number, seq?: number, zone?: string): string {
	const date = format({ ...DAY, year: "numeric", timeZone: zone }).format(ms);
	const parts = format({ timeZoneName: "short", timeZone: zone }).formatToParts(ms);
	const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
	const utc = new Date(ms).toISOString();
	return `${date}, ${clockTime(ms, "millis", zone)} ${name}\n${utc}${seq === undefined ? "" : `\nseq ${count(seq)}`}`;
}

/** `48,211`. */
export const count = (value: number): string => value.toLocaleString("en-US");
