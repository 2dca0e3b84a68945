/** More events a second than this are a busy stream, which is painted at most every `PAINT_MS`. */
const BUSY_PER_SECOND = 200;
const PAINT_MS = 50;
const WINDOW_MS = 1_000;

/** How often readers of a stream are told: each frame while little comes, 20 times a second while much does. */
export type Pace = {
	/** So many events came. `now`: epoch milliseconds, as below. */
	came(count: number, now: number): void;
	/** Milliseconds until readers may be told; 0: now. */
	wait(now: number): number;
	told(now: number): void;
};

export function pace(): Pace {
	let begun = Number.NEGATIVE_INFINITY;
	let before = 0;
	let current = 0;
	let toldAt = Number.NEGATIVE_INFINITY;
	const turn = (now: number) => {
		const passed = now - begun;
		if (passed >= 0 && passed < WINDOW_MS) return;
		before = passed >= 0 && passed < 2 * WINDOW_MS ? current : 0;
		current = 0;
		begun = now;
	};
	return {
		came(count, now) {
			turn(now);
			current += count;
		},
		wait(now) {
			turn(now);
			const passed = now - toldAt;
			if (Math.max(before, current) <= BUSY_PER_SECOND || passed < 0) return 0;
			return Math.max(0, PAINT_MS - passed);
		},
		told(now) {
			toldAt = now;
		},
	};
}
