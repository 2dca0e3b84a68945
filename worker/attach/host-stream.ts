import { type Position, type Question, REVEALED_HEADER, TOWN_HEADER } from "../../shared/protocol/index.ts";
import { askStream, pageStream } from "../agent/ask.ts";
import { streamSource } from "../agent/feed.ts";
import { hiddenWith, type SegmentView, shown } from "../agent/hidden.ts";
import { STREAM_LIMITS } from "../agent/limits.ts";
import { AgentStream } from "../agent/stream.ts";
import { COMPACT_MS, FeedSocket, LIVE_TAG, type SqlWatch, sqlOf } from "../live-ops/index.ts";
import type { Page, QueryAnswer, Refusal } from "../rpc.ts";
import { type EventTable, hear, takeHeard } from "./heard.ts";
import { hookHost } from "./hook.ts";
import type { Beside } from "./host-class.ts";

type Options = {
	ctx: DurableObjectState;
	events: EventTable;
	/** Epoch milliseconds. */
	clock: () => number;
	/** Of stand-ins for hidden text; null where nothing is hidden (SEC-4). */
	salt: string | null;
	/** Whether the stream is this town's (STREAM-7). */
	isOf(stream: AgentStream, town: string): Promise<boolean>;
};

type Open = { stream: AgentStream; feed: FeedSocket; revealed: FeedSocket };

export const FOREIGN: Refusal = {
	ok: false,
	code: "foreign-town",
	message: "This agent belongs to another town.",
};

/** The stream of a host that only stores rows, beside it (FEED-10). */
export class HostStream implements Beside {
	/** Tests make it small. */
	limits = STREAM_LIMITS;
	readonly #options: Options;
	readonly #own: ReturnType<typeof hookHost>;
	#open: Open | null = null;
	#hearing = false;
	#planned = false;
	#pruneAt = 0;

	constructor(options: Options) {
		this.#options = options;
		const watch: SqlWatch = { before: () => {}, wrote: () => this.#plan(), rolledBack: () => {} };
		this.#own = hookHost(options.ctx, {
			watch: () => watch,
			schema: () => {
				this.#hearing = false;
				this.#plan();
			},
			settled: () => this.#hear(),
			undone: () => this.#reload(),
			emptied: () => {
				this.#take();
				this.#open = null;
				this.#hearing = false;
			},
			kept: () => {},
		});
		this.#hear();
		this.#plan();
	}

	isOf(town: string): Promise<boolean> {
		return this.#options.isOf(this.#opened.stream, town);
	}

	page(cursor: Position, bytes: number, revealed: boolean): Page {
		this.#take();
		return pageStream(this.#opened.stream, cursor, bytes, this.#view(revealed));
	}

	query(question: Question, revealed: boolean): QueryAnswer | Refusal {
		this.#take();
		return askStream(this.#opened.stream, question, this.#view(revealed));
	}

	async fetch(request: Request): Promise<Response> {
		const town = request.headers.get(TOWN_HEADER);
		if (town === null || !(await this.isOf(town))) return new Response(FOREIGN.message, { status: 403 });
		const { feed, revealed } = this.#opened;
		return (request.headers.has(REVEALED_HEADER) ? revealed : feed).fetch(request);
	}

	webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): boolean {
		this.#take();
		return this.#feeds.some((feed) => feed.webSocketMessage(ws, message));
	}

	webSocketClose(ws: WebSocket, code: number): boolean {
		return this.#feeds.some((feed) => feed.webSocketClose(ws, code));
	}

	webSocketError(ws: WebSocket): boolean {
		return this.#feeds.some((feed) => feed.webSocketError(ws));
	}

	/** A stream names no causes: its segments are what the agent said. */
	caused<T>(_: unknown, run: () => T): T {
		return run();
	}

	get #feeds(): FeedSocket[] {
		return [this.#opened.feed, this.#opened.revealed];
	}

	get #opened(): Open {
		if (this.#open) return this.#open;
		const { clock, ctx } = this.#options;
		const sql = sqlOf(this.#own.storage);
		const random = () => crypto.randomUUID();
		const stream = new AgentStream({ sql, limits: () => this.limits, clock, random });
		stream.state.agent ??= ctx.id.name ?? ctx.id.toString();
		const socket = (name: string, revealed: boolean) =>
			new FeedSocket({
				...{ ctx: this.#own, clock, tag: `${LIVE_TAG}-${name}` },
				source: streamSource(stream, () => this.#view(revealed)),
			});
		this.#open = { stream, feed: socket("stream", false), revealed: socket("revealed", true) };
		return this.#open;
	}

	/** Before each statement that makes no tables: from here on every insert is heard. */
	#hear(): void {
		if (!this.#hearing) this.#hearing = hear(sqlOf(this.#own.storage), this.#options.events);
	}

	/** At the end of the turn, and in its transaction, what was heard becomes one batch of the stream (STREAM-1). */
	#plan(): void {
		if (this.#planned) return;
		this.#planned = true;
		queueMicrotask(() => {
			this.#planned = false;
			this.#take();
		});
	}

	#take(): void {
		this.#hear();
		const { stream, feed, revealed } = this.#opened;
		const events = takeHeard(stream.sql, this.#options.clock());
		if (events.length === 0) return;
		const producer = "host";
		const last = stream.state.producers.find((known) => known.producer === producer)?.seq ?? 0;
		stream.append(
			{
				...{ town: null, agent: stream.state.agent ?? "", attempt: null, bead: null },
				...{ producer, producerSeq: last + 1, events },
			},
			this.limits.unfollowedMs,
		);
		feed.publish();
		revealed.publish();
		this.#pruneLater();
	}

	/** The state in memory may be of what was rolled back; readers are told where the stream stands. */
	#reload(): void {
		this.#open = null;
		this.#plan();
	}

	#view(revealed: boolean): SegmentView {
		const { salt } = this.#options;
		return salt === null || revealed ? shown : hiddenWith(() => `${salt} ${this.#opened.stream.state.epoch}`);
	}

	/** The alarm is the host's: a stream ages while something is appended (STREAM-3), in a turn of its own. */
	#pruneLater(): void {
		const now = this.#options.clock();
		if (now < this.#pruneAt) return;
		this.#pruneAt = now + COMPACT_MS;
		setTimeout(() => this.#opened.stream.prune(), 0);
	}
}
