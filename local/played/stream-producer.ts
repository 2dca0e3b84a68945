import { wait } from "../../container/wait.ts";
import type { AgentEventsReport } from "../../shared/ingest/index.ts";
import { type IngestClient, Refused } from "./ingest-client.ts";
import type { RecordedEvent } from "./recordings.ts";

export type StreamProducer = {
	push(event: RecordedEvent): void;
	/** Resolves when everything pushed so far is stored. */
	flush(): Promise<void>;
	/** Sends what is left, then ends. */
	close(): Promise<void>;
};

/** Under the worker's limit of a request body, and big enough that seeding takes seconds. */
const BATCH_CHARACTERS = 800_000;
/** The worker takes no more events in one batch. */
const BATCH_EVENTS = 1_000;

type Options = {
	client: IngestClient;
	agent: string;
	attempt: string | null;
	bead: string | null;
	/** Names this run of the agent: batches are idempotent by (producer, seq), seq from 1 (STREAM-1). */
	producer: string;
	/** Called when the worker refuses the stream for good. */
	onRefused: (refused: Refused) => void;
};

/**
 * Gathers events and sends them in batches, one at a time and in order; a batch that got no answer is sent again under the
 * same number. How long to gather comes from the last answer.
 */
export function streamProducer(options: Options): StreamProducer {
	const { client, agent, attempt, bead, producer } = options;
	const end = new AbortController();
	const wake = new EventTarget();
	let waiting: { event: RecordedEvent; size: number }[] = [];
	let seq = 0;
	let sent = 0;
	let pushed = 0;
	let interval = 1_000;
	let closing = false;
	let flushing = 0;

	const takeBatch = (): RecordedEvent[] => {
		let size = 0;
		let count = 0;
		for (const item of waiting) {
			if (count > 0 && (size + item.size > BATCH_CHARACTERS || count >= BATCH_EVENTS)) break;
			size += item.size;
			count += 1;
		}
		return waiting.splice(0, count).map(({ event }) => event);
	};

	const run = async () => {
		for (;;) {
			if (waiting.length === 0) {
				if (closing) return;
				await new Promise((resolve) => wake.addEventListener("push", resolve, { once: true }));
				continue;
			}
			if (!closing && flushing === 0) await pause(interval, wake);
			const events = takeBatch();
			const answer = await client.post<{ interval: number }>("agent-events", {
				...{ agent_id: agent, attempt_id: attempt, bead_id: bead },
				...{ producer, seq: ++seq, events },
			} satisfies AgentEventsReport);
			interval = answer.interval;
			sent += events.length;
			wake.dispatchEvent(new Event("sent"));
		}
	};
	const running = run().catch((error: unknown) => {
		if (!(error instanceof Refused)) throw error;
		waiting = [];
		end.abort(error);
		wake.dispatchEvent(new Event("sent"));
		options.onRefused(error);
	});

	const flush = async () => {
		const target = pushed;
		flushing += 1;
		wake.dispatchEvent(new Event("flush"));
		while (sent < target && !end.signal.aborted)
			await new Promise((resolve) => wake.addEventListener("sent", resolve, { once: true }));
		flushing -= 1;
	};
	return {
		push(event) {
			if (end.signal.aborted) return;
			pushed += 1;
			waiting.push({ event, size: JSON.stringify(event).length });
			wake.dispatchEvent(new Event("push"));
		},
		flush,
		close: async () => {
			closing = true;
			wake.dispatchEvent(new Event("flush"));
			wake.dispatchEvent(new Event("push"));
			await running;
		},
	};
}

/** Waits `ms`, or less when somebody wants the batch now. */
async function pause(ms: number, wake: EventTarget): Promise<void> {
	const early = new AbortController();
	const stop = () => early.abort();
	wake.addEventListener("flush", stop, { once: true });
	await wait(ms, early.signal).catch(() => undefined);
	wake.removeEventListener("flush", stop);
}
