import type { Schedule } from "./schedule.ts";

const timeout = (ms: number, run: () => void): (() => void) => {
	const timer = setTimeout(run, ms);
	return () => clearTimeout(timer);
};

/** A hidden tab gets no animation frames; it goes on folding and acknowledging (SESSION-5). */
const HIDDEN_MS = 250;

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
		const frame = requestAnimationFrame(() => {
			const channel = new MessageChannel();
			channel.port1.onmessage = run;
			channel.port2.postMessage(null);
		});
		return () => cancelAnimationFrame(frame);
	},
};
