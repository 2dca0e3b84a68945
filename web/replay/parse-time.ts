const TIME = /(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/** `12:04`, `12:04:31` or `12:04:31.204` on the day of `near`, in the reader's zone; null for anything else. */
export function parseTime(typed: string, near: number): number | null {
	const match = TIME.exec(typed.trim());
	if (!match) return null;
	const [, hours, minutes, seconds = "0", millis = "0"] = match;
	const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
	if (h > 23 || m > 59 || s > 59) return null;
	return new Date(near).setHours(h, m, s, Number(millis.padEnd(3, "0")));
}
