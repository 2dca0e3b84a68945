/** Runs what it is given one after the other. Who waits is refused with plain words when its signal ends the wait. */
export function oneAtATime(): <T>(signal: AbortSignal, run: () => Promise<T>) => Promise<T> {
	let last: Promise<unknown> = Promise.resolve();
	return async (signal, run) => {
		const before = last;
		const mine = Promise.withResolvers<void>();
		last = mine.promise;
		try {
			await turnOrAbort(before, signal);
			return await run();
		} finally {
			// Also where it was given up: the next one still waits for who is before.
			before.then(() => mine.resolve());
		}
	};
}

function turnOrAbort(turn: Promise<unknown>, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const abort = () =>
			reject(new Error("The agents before it took too long to start: it was not its turn."));
		if (signal.aborted) return abort();
		signal.addEventListener("abort", abort, { once: true });
		turn.then(() => {
			signal.removeEventListener("abort", abort);
			resolve();
		});
	});
}
