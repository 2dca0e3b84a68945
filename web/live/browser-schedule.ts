import type { Schedule } from "./schedule.ts";

const timeout = (ms: number, run: () => void): (() => void) => {
	const timer = setTimeout(run, ms);
	return () => clearTimeout(timer);
};

/** A hidden tab gets no animation frames; it goes on folding and acknowledging (SESSION-5). */
const HIDDEN_MS = 250;

/** One channel for all: its tasks run in the order in which they were posted. Made when it is first needed. */
let port: MessagePort | null = null;
const posted: (() => void)[] = [];
const post = (run: () => void): void => {
	if (port === null) {
		const channel = new MessageChannel();
		channel.port1.onmessage = () => posted.shift()?.();
		port = channel.port2;
	}
	posted.push(run);
	port.postMessage(null);
};

/** Timers and animation frames of this tab. */
export const browserSchedule: Schedule = {
	after: timeout,
	frame(run) {
		if (document.hidden) return timeout(HIDDEN_MS, run);
		let ran = false;
		const once = () => {
			if (ran) return;
			ran = true;
			cancel();
			run();
		};
		const frame = requestAnimationFrame(once);
		// The tab may be hidden before the frame comes.
		const late = timeout(HIDDEN_MS, once);
		const cancel = () => {
			cancelAnimationFrame(frame);
			late();
		};
		return cancel;
	},
	painted(run) {
		if (document.hidden) return timeout(0, run);
		// A task posted from within a frame runs after that frame was painted.
		let cancelled = false;
		const frame = requestAnimationFrame(() => post(() => cancelled || run()));
		return () => {
			cancelled = true;
			cancelAnimationFrame(frame);
		};
	},
};
