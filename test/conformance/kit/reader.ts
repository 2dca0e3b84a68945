import { changes as changesSchema } from "../../../shared/protocol/down/changes.ts";
import { state as stateSchema } from "../../../shared/protocol/down/state.ts";
import {
	type Change,
	type Changes,
	type Head,
	head as headSchema,
	LIMITS,
	type Position,
	type State,
} from "../../../shared/protocol/index.ts";
import { Broken, type Line, type Subject, same } from "./subject.ts";

/** How long an answer is waited for, milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * A reader that believes nothing: it folds what it hears, and breaks off where a frame does not follow, a batch is not whole, or a
 * chunk is missing (FEED-2, FEED-3, FEED-5).
 */
export class Reader {
	position: Position | null = null;
	/** `entity key` → the row's text. */
	rows = new Map<string, string>();
	readonly applied: Change[] = [];
	readonly batches: Changes["batches"] = [];
	readonly states: State[] = [];
	readonly texts: string[] = [];
	head: Head | null = null;
	readonly #line: Line;
	readonly #keyOf: (entity: string, row: Record<string, unknown>) => string;
	#fault: Error | null = null;
	#building = new Map<string, string>();
	#wake: (() => void)[] = [];

	static async open(subject: Subject, subscriber = `kit-${crypto.randomUUID()}`): Promise<Reader> {
		return new Reader(await subject.open(subscriber), subject);
	}

	private constructor(line: Line, { tables }: Subject) {
		this.#line = line;
		this.#keyOf = (entity, row) => {
			const key = tables?.[entity]?.key ?? Object.keys(row).slice(0, 1);
			const values = key.map((column) => row[column]);
			return values.length === 1 ? String(values[0]) : JSON.stringify(values);
		};
		line.listen((text) => this.#hear(text));
	}

	/** Subscribes with a cursor and waits until the feed says that everything is told. */
	async subscribe(cursor: Position | null): Promise<Head> {
		this.head = null;
		if (cursor && !this.position) this.position = cursor;
		this.#line.send(JSON.stringify({ t: "subscribe", cursor }));
		await this.until(() => this.head !== null, "`head` after a subscription");
		return this.head as unknown as Head;
	}

	async until(holds: () => boolean, what: string): Promise<void> {
		const end = Date.now() + PATIENCE_MS;
		while (true) {
			if (this.#fault) throw this.#fault;
			if (holds()) return;
			const left = end - Date.now();
			if (left <= 0) throw new Broken(`${what}: nothing came in ${PATIENCE_MS / 1_000} s`);
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, left);
				this.#wake.push(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
	}

	/** Until a change of this row was told. */
	told(entity: string, key: string, op: "put" | "del"): Promise<void> {
		return this.until(
			() => this.applied.some((change) => change[1] === entity && change[2] === key && change[3] === op),
			`a ${op} of ${entity} ${key}`,
		);
	}

	close(): void {
		this.#line.close();
	}

	#hear(text: string | null): void {
		try {
			if (text === null) throw new Broken("the feed closed its socket");
			this.texts.push(text);
			this.#take(JSON.parse(text));
		} catch (error) {
			this.#fault ??= error instanceof Error ? error : new Broken(String(error));
		}
		for (const wake of this.#wake.splice(0)) wake();
	}

	#take(message: { t?: unknown }): void {
		if (message.t === "state") this.#state(read(stateSchema, message) as State);
		else if (message.t === "changes") this.#changes(read(changesSchema, message) as Changes);
		else if (message.t === "head") {
			this.head = read(headSchema, message) as Head;
			const { position } = this.head;
			if (this.position && position.epoch === this.position.epoch && position.seq === this.position.seq)
				same("FEED-2 the mark of the head", position.mark, this.position.mark);
		}
	}

	#state(chunk: State): void {
		const text = this.texts.at(-1) ?? "";
		const rows = chunk.tables.reduce((sum, [, found]) => sum + found.length, 0);
		if (new TextEncoder().encode(text).length > LIMITS.chunkBytes && rows > 1)
			throw new Broken(`FEED-3 a chunk of a state holds ${text.length} characters`);
		if (chunk.part === 0) {
			this.#building = new Map();
			this.states.length = 0;
		}
		same("FEED-3 the part of a state", chunk.part, this.states.length);
		same(
			"FEED-3 a state is read at one position",
			chunk.position,
			this.states[0]?.position ?? chunk.position,
		);
		this.states.push(chunk);
		for (const [entity, found] of chunk.tables)
			for (const row of found)
				this.#building.set(
					`${entity} ${this.#keyOf(entity, row as Record<string, unknown>)}`,
					JSON.stringify(row),
				);
		if (!chunk.last) return;
		same("FEED-3 rows of a state", this.#building.size, chunk.total);
		this.rows = this.#building;
		this.position = chunk.position;
	}

	#changes({ epoch, from, to, mark, batches }: Changes): void {
		if (!this.position) throw new Broken("FEED-3 changes before a state or a cursor");
		same("FEED-5 a frame begins with its first batch", batches[0]?.from, from);
		same("FEED-5 a frame ends with its last batch", [batches.at(-1)?.to, batches.at(-1)?.mark], [to, mark]);
		for (const batch of batches) {
			const { seq } = this.position;
			if (batch.to <= seq && this.position.epoch === epoch) continue;
			same("FEED-2 the epoch of a change", epoch, this.position.epoch);
			same("FEED-2 the seq that follows", batch.from, seq + 1);
			same(
				`FEED-5 the batch ${batch.from} to ${batch.to} is whole`,
				batch.changes.map(([one]) => one),
				Array.from({ length: batch.to - batch.from + 1 }, (_, n) => batch.from + n),
			);
			for (const change of batch.changes as Change[]) {
				const [, entity, key, op, row] = change;
				this.applied.push(change);
				if (op === "put") this.rows.set(`${entity} ${key}`, JSON.stringify(row));
				else this.rows.delete(`${entity} ${key}`);
			}
			this.batches.push(batch as Changes["batches"][number]);
			this.position = { epoch, seq: batch.to, mark: batch.mark };
		}
	}
}

type Schema = {
	safeParse(value: unknown): { success: boolean; data?: unknown; error?: { message: string } };
};

function read(schema: Schema, message: unknown): unknown {
	const parsed = schema.safeParse(message);
	if (!parsed.success) throw new Broken(`a message is not of the protocol: ${parsed.error?.message}`);
	return parsed.data;
}
