const SAMPLES = 8;

/**
 * The town's clock as this page knows it, epoch milliseconds: this machine's, offset by what pings tell, standing still
 * while the town is not seen live (SOCKET-5).
 */
export type TownClock = {
	now(): number;
	/** A moment of this machine in the town's time. */
	at(local: number): number;
	/** A ping sent at `sent` was answered at `came` (this machine), when the town's clock said `town`. */
	measured(sent: number, came: number, town: number): void;
	/** Town minus this machine, milliseconds; 0 before the first answer. */
	offset(): number;
	/** Stands still at this moment of this machine. */
	stop(local: number): void;
	go(): void;
};

export function townClock(local: () => number): TownClock {
	let samples: { trip: number; offset: number }[] = [];
	let stopped: number | null = null;
	// The quickest answer tells the offset best: what delays one way only falsifies it.
	const offset = () =>
		samples.reduce((best, it) => (it.trip < best.trip ? it : best), {
			trip: Number.POSITIVE_INFINITY,
			offset: 0,
		}).offset;
	return {
		now: () => (stopped ?? local()) + offset(),
		at: (ms) => ms + offset(),
		measured(sent, came, town) {
			samples = [...samples, { trip: came - sent, offset: Math.round(town - (sent + came) / 2) }].slice(
				-SAMPLES,
			);
		},
		offset,
		stop(ms) {
			stopped ??= ms;
		},
		go() {
			stopped = null;
		},
	};
}
