const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `under a minute`, `34 min`, `2 h 10 min`, `3 d`: coarse, so that a sentence changes once a minute at most. */
export function span(ms: number): string {
	if (ms < MINUTE) return "under a minute";
	if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
	if (ms >= DAY) return `${Math.floor(ms / DAY)} d`;
	const minutes = Math.floor((ms % HOUR) / MINUTE);
	return minutes === 0 ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / HOUR)} h ${minutes} min`;
}

export const ago = (ms: number): string => (ms < MINUTE ? "just now" : `${span(ms)} ago`);

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `Toast`, `Toast and Maple`, `Toast, Maple and 3 more`. */
export function names(list: readonly string[]): string {
	if (list.length <= 2) return list.join(" and ");
	return list.length === 3
		? `${list[0]}, ${list[1]} and ${list[2]}`
		: `${list[0]}, ${list[1]} and ${list.length - 2} more`;
}

/** One line of an error, short enough for a sentence. */
export function inShort(text: string, most = 80): string {
	const line = text.trim().split("\n")[0] ?? "";
	return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
