import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** One report that waits. Those of one stream go out in their order, one at a time. */
export type Item = { n: number; stream: string; path: string; body: string; at: number };
export type Waiting = { waiting: number; bytes: number; oldest_s: number };

/** What may wait in memory while the disk takes nothing. */
const MEMORY_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 4_096;

/**
 * Reports that the worker has not taken yet, on disk, so that neither a restart of the worker nor the death of this process
 * loses one (CONTAINER-2). While the disk is full they wait in memory, up to a bound: `isFull` says that it is reached.
 */
export class Spool {
	readonly #db: DatabaseSync;
	readonly #onFull: (error: string) => void;
	#memory: Item[] = [];
	#memoryBytes = 0;
	#next = 0;
	#diskFull = false;

	constructor({
		path,
		maxBytes,
		onFull,
	}: { path: string; maxBytes?: number | undefined; onFull: (error: string) => void }) {
		mkdirSync(dirname(path), { recursive: true });
		this.#onFull = onFull;
		this.#db = new DatabaseSync(path);
		this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
			CREATE TABLE IF NOT EXISTS items (
				n INTEGER PRIMARY KEY, stream TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL);
			CREATE INDEX IF NOT EXISTS items_stream ON items (stream, n);`);
		if (maxBytes !== undefined) this.#db.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / PAGE_BYTES)}`);
		const last = this.#db.prepare("SELECT coalesce(max(n), 0) AS n FROM items").get() as { n: number };
		this.#next = last.n + 1;
	}

	/** True while not even memory takes more: what can be told again later should be left out. */
	get isFull(): boolean {
		return this.#memoryBytes > MEMORY_BYTES;
	}

	append(stream: string, path: string, body: string, at: number): void {
		const item: Item = { n: this.#next++, stream, path, body, at };
		// Behind what waits in memory, for the order.
		if (this.#memory.length > 0 || !this.#store(item)) {
			this.#memory.push(item);
			this.#memoryBytes += body.length;
		}
	}

	/** The oldest report of each stream but these. */
	heads(busy: ReadonlySet<string>, limit: number): Item[] {
		this.#fromMemory();
		const onDisk = this.#db
			.prepare("SELECT * FROM items WHERE n IN (SELECT min(n) FROM items GROUP BY stream) ORDER BY n")
			.all() as unknown as Item[];
		const heads = new Map(onDisk.map((item) => [item.stream, item]));
		for (const item of this.#memory) if (!heads.has(item.stream)) heads.set(item.stream, item);
		return [...heads.values()].filter(({ stream }) => !busy.has(stream)).slice(0, limit);
	}

	/** It was taken, or refused for good. */
	remove({ n, body }: Item): void {
		const at = this.#memory.findIndex((item) => item.n === n);
		if (at < 0) return void this.#db.prepare("DELETE FROM items WHERE n = ?").run(n);
		this.#memory.splice(at, 1);
		this.#memoryBytes -= body.length;
	}

	waiting(): Waiting {
		const { waiting, bytes, oldest } = this.#db
			.prepare(
				"SELECT count(*) AS waiting, coalesce(sum(length(body)), 0) AS bytes, min(at) AS oldest FROM items",
			)
			.get() as { waiting: number; bytes: number; oldest: number | null };
		const first = oldest ?? this.#memory[0]?.at ?? null;
		return {
			waiting: waiting + this.#memory.length,
			bytes: bytes + this.#memoryBytes,
			oldest_s: first === null ? 0 : Math.max(0, Math.round((Date.now() - first) / 1_000)),
		};
	}

	close(): void {
		this.#fromMemory();
		this.#db.close();
	}

	/** False where the disk is full. */
	#store({ n, stream, path, body, at }: Item): boolean {
		try {
			this.#db
				.prepare("INSERT INTO items (n, stream, path, body, at) VALUES (?, ?, ?, ?, ?)")
				.run(n, stream, path, body, at);
			this.#diskFull = false;
			return true;
		} catch (error) {
			const words = error instanceof Error ? error.message : String(error);
			if (!/full|disk I\/O|readonly/i.test(words)) throw error;
			if (!this.#diskFull) this.#onFull(words);
			this.#diskFull = true;
			return false;
		}
	}

	/** What waits in memory goes to the disk as soon as there is room. */
	#fromMemory(): void {
		while (this.#memory[0] && this.#store(this.#memory[0])) {
			this.#memoryBytes -= this.#memory[0].body.length;
			this.#memory.shift();
		}
	}
}
