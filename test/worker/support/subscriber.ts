import {
	type Changes,
	FEED_PATH,
	type Head,
	type Position,
	type Pulse,
	type State,
	SUBSCRIBER_HEADER,
} from "../../../shared/protocol/index.ts";

type Heard = State | Changes | Pulse | Head | { t: "pong" };
type Rows = Map<string, Map<string, unknown>>;

/** What a stub of any watched object can do. */
type Watched = { fetch(url: string, init: RequestInit): Promise<Response> };

/**
 * One end of a feed, as a session is: it keeps a position, folds what it hears, drops what does not follow, and
 * subscribes again when `head` says that it is behind.
 */
export class Subscriber {
	readonly heard: Heard[] = [];
	readonly texts: string[] = [];
	readonly keyOf: (entity: string, row: Record<string, unknown>) => string;
	position: Position | null = null;
	rows: Rows = new Map();
	/** `[seq, entity, key, op]` of every change applied, to see that each came once. */
	applied: number[] = [];
	closed: { code: number; reason: string } | null = null;
	#ws: WebSocket | null = null;
	#building: Rows = new Map();
	#wake: (() => void)[] = [];

	constructor(keyOf: (entity: string, row: Record<string, unknown>) => string) {
		this.keyOf = keyOf;
	}

	/** Opens a socket, and subscribes with the position it has. */
	async connect(stub: Watched, name = "session"): Promise<this> {
		await this.open(stub, name);
		this.subscribe();
		return this;
	}

	async open(stub: Watched, name = "session"): Promise<this> {
		const response = await stub.fetch(`https://watched${FEED_PATH}`, {
			headers: { upgrade: "websocket", [SUBSCRIBER_HEADER]: name },
		});
		const ws = response.webSocket;
		if (!ws) throw new Error(`no socket: ${response.status} ${await response.text()}`);
		this.closed = null;
		this.#ws = ws;
		ws.addEventListener("message", (event) => this.#ws === ws && this.#hear(String(event.data)));
		ws.addEventListener("close", (event) => {
			if (this.#ws !== ws) return;
			this.closed = { code: event.code, reason: event.reason };
			this.#changed();
		});
		ws.accept();
		return this;
	}

	subscribe(cursor: Position | null = this.position): void {
		this.send(JSON.stringify({ t: "subscribe", cursor }));
	}

	send(text: string | ArrayBuffer): void {
		this.#ws?.send(text);
	}

	/** Goes away without hearing what is still on its way. */
	drop(code = 1000): void {
		const ws = this.#ws;
		this.#ws = null;
		ws?.close(code);
	}

	/** Resolves as soon as `condition` holds of what was heard. */
	async until(condition: (self: this) => boolean): Promise<void> {
		while (!condition(this)) await new Promise<void>((resolve) => this.#wake.push(resolve));
	}

	/** Resolves when everything up to `seq` was heard. */
	reach(seq: number): Promise<void> {
		return this.until(() => (this.position?.seq ?? -1) >= seq);
	}

	of<T extends Heard["t"]>(t: T): Extract<Heard, { t: T }>[] {
		return this.heard.filter((message) => message.t === t) as Extract<Heard, { t: T }>[];
	}

	#changed(): void {
		for (const wake of this.#wake.splice(0)) wake();
	}

	#hear(text: string): void {
		const message = JSON.parse(text) as Heard;
		this.heard.push(message);
		this.texts.push(text);
		if (message.t === "state") this.#state(message);
		if (message.t === "changes") this.#changes(message);
		if (message.t === "head" && this.position) {
			const { epoch, seq } = message.position;
			if (epoch !== this.position.epoch || seq > this.position.seq) this.subscribe();
		}
		this.#changed();
	}

	#state(chunk: State): void {
		if (chunk.part === 0) this.#building = new Map();
		for (const [entity, rows] of chunk.tables)
			for (const row of rows)
				this.#rowsOf(this.#building, entity).set(this.keyOf(entity, row as Record<string, unknown>), row);
		if (!chunk.last) return;
		this.rows = this.#building;
		this.position = chunk.position;
	}

	#changes({ epoch, batches }: Changes): void {
		for (const batch of batches) {
			// Before the first state, or behind: a subscription is on its way.
			if (!this.position || batch.from !== this.position.seq + 1) continue;
			for (const [seq, entity, key, op, row] of batch.changes) {
				this.applied.push(seq);
				if (op === "put") this.#rowsOf(this.rows, entity).set(key, row);
				else this.#rowsOf(this.rows, entity).delete(key);
			}
			this.position = { epoch, seq: batch.to, mark: batch.mark };
		}
	}

	#rowsOf(rows: Rows, entity: string): Map<string, unknown> {
		const known = rows.get(entity) ?? new Map<string, unknown>();
		rows.set(entity, known);
		return known;
	}
}

/** The wire key, as every reader makes it. */
export const keyBy =
	(tables: Record<string, { key: readonly string[] }>) =>
	(entity: string, row: Record<string, unknown>): string => {
		const values = (tables[entity]?.key ?? []).map((column) => row[column]);
		return values.length === 1 ? String(values[0]) : JSON.stringify(values);
	};
