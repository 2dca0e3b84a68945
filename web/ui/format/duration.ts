const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, "0");

const seconds = (ms: number, digits: number): string => {
	if (digits === 0) return `${Math.floor(ms / SECOND)} s`;
	if (ms < 100) return `${(ms / SECOND).toFixed(2)} s`;
	return ms < 9_950 ? `${(ms / SECOND).toFixed(1)} s` : `${Math.floor(ms / SECOND)} s`;
};

/**
 * Two units: `8.2 s`, `4m 10s`, `1h 12m`, `3d 4h`. With `whole`, seconds have no decimals: for clocks that tick once a
 * second. A negative length (skewed clocks) reads as zero.
 */
export function duration(ms: number, whole = false): string {
	const length = Math.max(0, ms);
	if (length < MINUTE) return seconds(length, whole ? 0 : 1);
	if (length < HOUR) return `${Math.floor(length / MINUTE)}m ${two(Math.floor((length % MINUTE) / SECOND))}s`;
	if (length < DAY) return `${Math.floor(length / HOUR)}h ${two(Math.floor((length % HOUR) / MINUTE))}m`;
	return `${Math.floor(length / DAY)}d ${Math.floor((length % DAY) / HOUR)}h`;
}

/** One unit, for activity only: `12 s ago`, `4m ago`, `3h ago`, `2d ago`. */
export function ago(ms: number): string {
	const length = Math.max(0, ms);
	if (length < MINUTE) return `${Math.floor(length / SECOND)} s ago`;
	if (length < HOUR) return `${Math.floor(length / MINUTE)}m ago`;
	if (length < DAY) return `${Math.floor(length / HOUR)}h ago`;
	return `${Math.floor(length / DAY)}d ago`;
}

/** A running clock in a strip: `0:12`, `14:02`, `1:04:31`. */
export function stopwatch(ms: number): string {
	const whole = Math.floor(Math.max(0, ms) / SECOND);
	const hours = Math.floor(whole / 3_600);
	const minutes = Math.floor((whole % 3_600) / 60);
	return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
