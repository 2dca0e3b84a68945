/** Timers and frames, passed in so that tests move them by hand and Node needs no DOM. Each call gives a function that cancels. */
export type Schedule = {
	after(ms: number, run: () => void): () => void;
	/** Before the next paint; in a hidden tab, and in Node, soon. */
	frame(run: () => void): () => void;
	/** After the frame that is being made has been painted. */
	painted(run: () => void): () => void;
};

const after: Schedule["after"] = (ms, run) => {
	const timer = setTimeout(run, ms);
	return () => clearTimeout(timer);
};

/** Timers only: Node. */
export const timerSchedule: Schedule = {
	after,
	frame: (run) => after(16, run),
	painted: (run) => after(0, run),
};
