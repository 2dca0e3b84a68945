import { randomBytes } from "node:crypto";
import type { AgentEventsReport } from "../../shared/ingest/index.ts";
import type { SdkEvent } from "../agents/agent-session.ts";

/** Under the worker's limits of a body and of a batch. */
const BATCH_CHARACTERS = 800_000;
const BATCH_EVENTS = 1_000;

type Options = {
	agent: string;
	attempt: string;
	bead: string | null;
	/** Spools one batch. */
	append: (stream: string, batch: AgentEventsReport) => void;
	/** While it is true only what is not told again later is kept. */
	isFull: () => boolean;
};

/**
 * Gathers an agent's events into batches that are numbered when they are spooled, so that a repeat is known (STREAM-1). How
 * long it gathers comes from the worker's last answer. Types that only drown the rest are left out, as AgentDO would.
 */
export class EventGatherer {
	readonly stream: string;
	/** Milliseconds. */
	interval = 1_000;
	/** Deltas that were left out because neither disk nor memory had room; the part's closing snapshot has their text. */
	leftOut = 0;
	readonly #options: Options;
	#events: SdkEvent[] = [];
	#size = 0;
	#seq = 0;
	#timer: NodeJS.Timeout | null = null;

	constructor(options: Options) {
		this.#options = options;
		this.stream = `${options.agent}:${randomBytes(6).toString("hex")}`;
	}

	push(event: SdkEvent): void {
		if (NOISE.has(event.type)) return;
		if (event.type === "message.part.delta" && this.#options.isFull()) {
			this.leftOut += 1;
			return;
		}
		this.#events.push(event);
		this.#size += JSON.stringify(event.properties).length;
		if (this.#size >= BATCH_CHARACTERS || this.#events.length >= BATCH_EVENTS) this.flush();
		else this.#timer ??= setTimeout(() => this.flush(), this.interval);
	}

	/** Spools what was gathered. */
	flush(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		if (this.#events.length === 0) return;
		const { agent, attempt, bead, append } = this.#options;
		const events = this.#events;
		this.#events = [];
		this.#size = 0;
		append(this.stream, {
			...{ agent_id: agent, attempt_id: attempt, bead_id: bead, producer: this.stream },
			...{ seq: ++this.#seq, events },
		});
	}
}

/** Not stored by AgentDO either (STREAM-1): not worth the way. */
const NOISE = new Set([
	"sync", "server.heartbeat", "plugin.added", "catalog.updated", "reference.updated", "integration.updated",
	"indexing.status", "file.watcher.updated",
]); // biome-ignore format: a list
