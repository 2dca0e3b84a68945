import { type Table, townState } from "../../shared/gastown/index.ts";
import type { Cause } from "../../shared/protocol/index.ts";
import { COMPACT_MS, LiveOps, migrateTable, type Sql, sqlOf } from "../live-ops/index.ts";
import { hookHost } from "./hook.ts";
import type { Beside } from "./host-class.ts";

/** A key of the host's key-value store that is shown, as a row of `town_state`. */
export type Kept = {
	/** The row's key. */
	as: string;
	/** What is shown of the value: without its secrets. */
	show(value: unknown): unknown;
};

export type AttachOptions = {
	ctx: DurableObjectState;
	tables: Readonly<Record<string, Table>>;
	kept: Readonly<Record<string, Kept>>;
	/** Epoch milliseconds. */
	clock: () => number;
};

/**
 * The change log and feed of a host that knows nothing of them (FEED-10). Made before the host's own constructor runs, so that
 * nothing which that writes is missed; what the host has is captured as soon as it is there.
 */
export class Attached implements Beside {
	readonly #options: AttachOptions;
	readonly #own: ReturnType<typeof hookHost>;
	#live: LiveOps | null = null;
	/** Tables may have been made since they were last looked at. */
	#unsettled = false;
	#compactAt = 0;

	constructor(options: AttachOptions) {
		this.#options = options;
		this.#own = hookHost(options.ctx, {
			watch: () => this.#watch(),
			schema: () => this.#schema(),
			settled: () => this.#settle(),
			undone: () => this.live.regreet(),
			emptied: () => this.#emptied(),
			kept: (key, value) => this.#keep(this.live.sql, key, value),
		});
		this.#open();
	}

	get live(): LiveOps {
		return this.#live ?? this.#open();
	}

	fetch(request: Request): Response {
		return this.live.fetch(request);
	}

	webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): boolean {
		return this.live.webSocketMessage(ws, message);
	}

	webSocketClose(ws: WebSocket, code: number): boolean {
		return this.live.webSocketClose(ws, code);
	}

	webSocketError(ws: WebSocket): boolean {
		return this.live.webSocketError(ws);
	}

	/** SQL of the host's storage, for tables that nobody sees. */
	get plain(): Sql {
		return sqlOf(this.#own.storage);
	}

	/** Runs what the host does with a cause, unless it is part of something that has one. */
	caused<T>(cause: Cause, run: () => T): T {
		const { live } = this;
		return live.cause() ? run() : live.run(cause, run);
	}

	#open(): LiveOps {
		const { tables, kept, clock } = this.#options;
		const keeps = Object.keys(kept);
		// The host has no such table: what it keeps in key-value pairs is shown in this one.
		if (keeps.length > 0) migrateTable(this.plain, townState);
		const live = new LiveOps({
			ctx: this.#own,
			tables: keeps.length > 0 ? { ...tables, [townState.name]: townState } : tables,
			...{ clock, random: () => crypto.randomUUID(), hosted: true },
		});
		this.#live = live;
		const { kv } = this.#options.ctx.storage;
		for (const key of keeps) this.#keep(live.sql, key, kv.get(key));
		return live;
	}

	#watch(): LiveOps["watch"] {
		const { watch } = this.live;
		return {
			...watch,
			wrote: () => {
				watch.wrote();
				this.#compactLater();
			},
		};
	}

	#schema(): void {
		if (this.#unsettled) return;
		this.#unsettled = true;
		queueMicrotask(() => this.#settle());
	}

	#settle(): void {
		if (!this.#unsettled) return;
		this.#unsettled = false;
		this.live.adopt();
	}

	/** The log goes with everything else, and begins anew with the next statement. */
	#emptied(): void {
		this.#live?.regreet();
		this.#live = null;
		this.#unsettled = false;
	}

	#keep(sql: Sql, key: string, value: unknown): void {
		const kept = Object.hasOwn(this.#options.kept, key) && this.#options.kept[key];
		if (!kept) return;
		if (value === undefined) {
			sql.run("DELETE FROM town_state WHERE key = ?", kept.as);
			return;
		}
		sql.run(
			`INSERT INTO town_state (key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE
			SET value = excluded.value, updated_at = excluded.updated_at WHERE value IS NOT excluded.value`,
			kept.as,
			JSON.stringify(kept.show(value) ?? null),
			new Date(this.#options.clock()).toISOString(),
		);
	}

	/** The alarm is the host's, so the log is kept within its limits while there is something to write (FEED-4), in a turn of its own. */
	#compactLater(): void {
		const now = this.#options.clock();
		if (now < this.#compactAt) return;
		this.#compactAt = now + COMPACT_MS;
		setTimeout(() => {
			const due = this.live.compact();
			if (due === null || due > this.#options.clock()) return;
			this.#compactAt = 0;
			this.#compactLater();
		}, 0);
	}
}
