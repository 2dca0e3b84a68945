import { randomUUID } from "node:crypto";
import type { AgentEventsReport, ReportInput, ReportKind } from "../../shared/ingest/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import { Delivery } from "./delivery.ts";
import { Spool, type Waiting } from "./spool.ts";
import { problemIn, type WorkerClient } from "./worker-client.ts";

/** Log lines are gathered this long. */
const LOG_MS = 1_000;
const LINE_CHARACTERS = 2_000;
const LINES = 200;

type Options = {
	worker: WorkerClient;
	/** The spool's file. */
	path: string;
	/** Most bytes of it on disk. */
	maxBytes: number | undefined;
	/** Called with the gathering time that AgentDO wants of a stream, milliseconds. */
	onInterval: (stream: string, ms: number) => void;
};

/** Everything that a container tells the worker. All but heartbeats goes over the spool. */
export class Reporter {
	readonly #worker: WorkerClient;
	readonly #spool: Spool;
	readonly #delivery: Delivery;
	#lines: string[] = [];
	#logTimer: NodeJS.Timeout | null = null;

	constructor({ worker, path, maxBytes, onInterval }: Options) {
		this.#worker = worker;
		this.#spool = new Spool({ path, maxBytes, onFull: (error) => this.#diskFull(error) });
		this.#delivery = new Delivery({
			spool: this.#spool,
			post: (item) => worker.post(item.path, item.body, { at: item.at }),
			onRefused: ({ path }, { code, message }) => this.log(`the worker refused ${path}: ${code} ${message}`),
			onTaken: ({ path, stream }, body) => {
				const interval = (body as { interval?: unknown } | null)?.interval;
				if (path === "agent-events" && typeof interval === "number") onInterval(stream, interval);
			},
		});
		this.#delivery.kick();
	}

	/** Reports go out in the order in which they were told. */
	report<K extends Exclude<ReportKind, "heartbeat" | "log">>(kind: K, body: ReportInput<K>): void {
		this.#append("reports", kind, { key: randomUUID(), ...body });
	}

	events(stream: string, batch: AgentEventsReport): void {
		this.#append(stream, "agent-events", batch);
	}

	/** Only the newest one counts: it is not spooled. Answers whether it was heard. */
	async heartbeat(body: ReportInput<"heartbeat">): Promise<boolean> {
		const { status, body: answer } = await this.#worker.post("heartbeat", JSON.stringify(body));
		if (status >= 400 && status < 500)
			this.log(`the worker refused a heartbeat: ${problemIn(answer).message}`);
		return status >= 200 && status < 300;
	}

	/** A line of the container's log: to the console, and in batches to the town. */
	log(line: string): void {
		const shown = redact(line).slice(0, LINE_CHARACTERS);
		console.log(shown);
		this.#lines.push(`${new Date().toISOString()} ${shown}`);
		if (this.#lines.length > LINES) this.#lines.shift();
		this.#logTimer ??= setTimeout(() => this.#flushLog(), LOG_MS);
	}

	get isFull(): boolean {
		return this.#spool.isFull;
	}

	waiting(): Waiting {
		return this.#spool.waiting();
	}

	/** Waits up to `ms` for everything to be taken, then closes the spool. */
	async close(ms: number): Promise<void> {
		this.#flushLog();
		await this.#delivery.flush(ms);
		this.#delivery.end();
		this.#spool.close();
	}

	#append(stream: string, path: string, body: object): void {
		this.#spool.append(stream, path, JSON.stringify(body), Date.now());
		this.#delivery.kick();
	}

	#flushLog(): void {
		if (this.#logTimer) clearTimeout(this.#logTimer);
		this.#logTimer = null;
		if (this.#lines.length === 0) return;
		const lines = this.#lines;
		this.#lines = [];
		this.#append("log", "log", { key: randomUUID(), lines });
	}

	/** Told straight away: the spool has no room for it. */
	#diskFull(error: string): void {
		this.log(`the spool takes nothing: ${error}`);
		const body = { key: randomUUID(), type: "error", reason: `The spool takes nothing: ${error}` };
		void this.#worker.post("container-events", JSON.stringify(body));
	}
}
