import { LIMITS } from "../../shared/protocol/index.ts";
import type { Schedule } from "./schedule.ts";

/** Longest time that credit is kept back, milliseconds (SESSION-5). */
const EVERY_MS = 1_000;

/** Gives credit for what was folded: at half a window, or a second after the first that is owed. */
export type Credit = {
	folded(size: number): void;
	/** A new connection starts with a whole window: what was owed on the old one is void. */
	forget(): void;
};

/** `send` tells the session of so many bytes (`sizeOf`). */
export function credit(send: (bytes: number) => void, schedule: Pick<Schedule, "after">): Credit {
	let owed = 0;
	let cancel: (() => void) | null = null;
	const give = () => {
		cancel?.();
		cancel = null;
		if (owed > 0) send(owed);
		owed = 0;
	};
	return {
		folded(size) {
			owed += size;
			if (owed >= LIMITS.windowBytes / 2) give();
			else cancel ??= schedule.after(EVERY_MS, give);
		},
		forget() {
			cancel?.();
			cancel = null;
			owed = 0;
		},
	};
}
