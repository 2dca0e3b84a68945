/** Proposals of one selection in any minute: half of what the session takes, so that the page can do the rest (SEC-3). */
export const PER_MINUTE = 60;

export type Pace = {
	/** Epoch milliseconds. */
	now(): number;
	/** Resolves after so many milliseconds. */
	pass(ms: number): Promise<void>;
	/** Somebody has stopped it: nothing more is sent. */
	stopped(): boolean;
	/** What is not sent goes on at this time; null when it does. */
	waitsUntil(at: number | null): void;
};

/** Sends one after another, each when the one before it was answered, as fast as the session's limit allows. */
export async function sendAll<Item>(
	items: readonly Item[],
	send: (item: Item) => Promise<void>,
	pace: Pace,
): Promise<void> {
	const sent: number[] = [];
	for (const item of items) {
		const first = sent.at(-PER_MINUTE);
		const wait = first === undefined ? 0 : first + 60_000 - pace.now();
		if (wait > 0) {
			pace.waitsUntil(pace.now() + wait);
			await pace.pass(wait);
			pace.waitsUntil(null);
		}
		if (pace.stopped()) return;
		sent.push(pace.now());
		await send(item);
	}
}
