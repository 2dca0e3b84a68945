import type { Table } from "../../shared/gastown/table.ts";
import {
	type Batch,
	type Cause,
	LIMITS,
	type Position,
	type Pulse,
	type ResetReason,
	type Subscribe,
} from "../../shared/protocol/index.ts";
import type { Page, QueryAnswer, Refusal } from "../rpc.ts";
import { installCapture } from "./capture.ts";
import { ChangeLog } from "./change-log.ts";
import { asStored, type Clean, redactRow } from "./clean.ts";
import { Compaction, LOG_LIMITS } from "./compaction.ts";
import { migrateTable } from "./ddl.ts";
import { openEpoch, storedEpoch, whyReset } from "./epoch.ts";
import { FeedSocket, type Replay, type SocketHost } from "./feed-socket.ts";
import { type Frame, LogReader, pageOf } from "./frames.ts";
import { readMoment, type WhichMoment } from "./moment.ts";
import { type Older, readCell, readOlder, readRow } from "./read-rows.ts";
import { presentTables, recount } from "./recount.ts";
import { type Sql, type SqlHost, type SqlWatch, sqlOf } from "./sql.ts";
import { stateChunks } from "./state.ts";

/** Tag of the feed's sockets; those of other feeds beside a host begin with it. */
export const LIVE_TAG = "live-ops";

/** Tables of live-ops itself, which nobody watches. */
export const LIVE_OPS_TABLES = [
	"change_log",
	"change_batch",
	"change_base",
	"live_ops_meta",
	"agenda",
] as const;

/** Most bytes of one answer with changes, besides a single batch that is larger. */
const ANSWER_BYTES = 4 * LIMITS.chunkBytes;

/** What live-ops needs of its object. */
export type LiveHost = SocketHost & { storage: SqlHost };

type Options = {
	ctx: LiveHost;
	/** What can be seen of this object, by name on the wire. Created and migrated here, but for those of a host. */
	tables: Readonly<Record<string, Table>>;
	/** Epoch milliseconds. */
	clock: () => number;
	/** A value that was never given before, e.g. `crypto.randomUUID`. */
	random: () => string;
	/** The object makes its tables itself: what is described of them is captured as far as it is there, see `adopt` (FEED-10). */
	hosted?: boolean;
};

/** The cause of the batch in which everything is told that was there before anybody looked. */
const ATTACHED: Cause = { kind: "system", what: "attached", id: null, by: null };

/**
 * Everything a Durable Object needs to be watched: captured tables, a change log in batches with causes, and a feed of
 * them. Construct it in the object's constructor, write through `sql` inside `run`, and pass on upgrades and socket events.
 */
export class LiveOps {
	/** Tests make them small. */
	limits = LOG_LIMITS;
	/** Writes to captured tables go through this, and no others: it is what names their cause. */
	readonly sql: Sql;
	readonly #storage: SqlHost;
	readonly #random: () => string;
	readonly #described: Readonly<Record<string, Table>>;
	/** Those that are there, with the columns that are there. */
	#tables: Readonly<Record<string, Table>>;
	#epoch = "";
	readonly #clean: Clean;
	readonly #clock: () => number;
	readonly #log: ChangeLog;
	readonly #reader: LogReader;
	readonly #compaction: Compaction;
	readonly #feed: FeedSocket;

	constructor({ ctx, tables, clock, random, hosted = false }: Options) {
		this.#storage = ctx.storage;
		this.#described = tables;
		this.#tables = tables;
		this.#clock = clock;
		this.#random = random;
		this.#clean = hosted ? redactRow : asStored;
		const described = Object.values(tables);
		const plain = sqlOf(ctx.storage);
		this.#log = new ChangeLog({
			storage: ctx.storage,
			clock,
			random,
			clean: this.#clean,
			// A host's tables are adopted before there is a feed.
			onClosed: () => this.#feed?.publish(),
		});
		this.sql = this.#log.sql;
		// Else INSERT OR REPLACE deletes rows behind the triggers' back (FEED-1). Lasts as long as the connection.
		plain.run("PRAGMA recursive_triggers = ON");
		this.#reader = new LogReader(plain, () => this.#epoch, clock);
		this.#compaction = new Compaction(plain, described, clock, () => this.limits);
		if (hosted) this.#adopt();
		else {
			for (const table of described) migrateTable(plain, table);
			this.#epoch = openEpoch(plain, described, random, installCapture(plain, described));
		}
		this.#feed = new FeedSocket({
			ctx,
			clock,
			tag: LIVE_TAG,
			source: {
				head: () => this.head(),
				horizon: () => this.#compaction.horizon.seq,
				replay: (subscription) => this.#replay(subscription),
				after: (seq) => this.#framesAfter(seq),
			},
		});
		// Writes that went past `sql` become a batch without a cause, rather than part of the next one.
		this.#log.close();
	}

	get epoch(): string {
		return this.#epoch;
	}

	/** To be told of each statement that a host runs past `sql` (FEED-10). */
	get watch(): SqlWatch {
		return this.#log.watch;
	}

	/** Captures a host's tables as they are now, when it has made or changed any. Readers begin anew where rows look different. */
	adopt(): void {
		if (this.#adopt()) this.#feed.greet();
	}

	/** What was sent may have been rolled back: everybody is told where the log stands. */
	regreet(): void {
		this.#log.close();
		this.#feed.greet();
	}

	/** Runs `fn` with a cause; what it writes, and what it awaits writes, belongs to it (FEED-5). */
	run<T>(cause: Cause, fn: () => T): T {
		return this.#log.run(cause, fn);
	}

	/** The cause of the run under way. */
	cause(): Cause | null {
		return this.#log.cause();
	}

	/** True while a session follows. */
	get followed(): boolean {
		return this.#feed.followed;
	}

	/** Where the log stands: the last whole batch. */
	head(): Position {
		return { epoch: this.epoch, ...this.#log.head() };
	}

	/** Seq of the last change, whose batch may still be open. */
	written(): number {
		return this.#log.written();
	}

	/**
	 * Takes one step of what is over the log's limits below the horizon (FEED-4). Answers when to call it again, epoch
	 * milliseconds, or null: then the next write is the time to plan it.
	 */
	compact(): number | null {
		this.#log.close();
		return this.#compaction.step();
	}

	/** A page of the state as it was at a moment, or why it cannot be told (FEED-4). */
	moment(which: WhichMoment): QueryAnswer | Refusal {
		this.#log.close();
		const states = Object.values(this.#tables).flatMap(({ kind, name }) => (kind === "state" ? [name] : []));
		const log = { epoch: this.epoch, states, now: this.#clock() };
		return readMoment(sqlOf(this.#storage), log, which, ANSWER_BYTES);
	}

	/** Answers upgrades at FEED_PATH. */
	fetch(request: Request): Response {
		return this.#feed.fetch(request);
	}

	/** True when the socket belongs to this feed, which has then handled it; so the other two. */
	webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): boolean {
		return this.#feed.webSocketMessage(ws, message);
	}

	webSocketClose(ws: WebSocket, code: number): boolean {
		return this.#feed.webSocketClose(ws, code);
	}

	webSocketError(ws: WebSocket): boolean {
		return this.#feed.webSocketError(ws);
	}

	/** Sends the newest samples to whoever follows; nothing is stored or promised (FEED-9). */
	pulse(message: Pulse): void {
		if (this.followed) this.#feed.broadcast(JSON.stringify(message));
	}

	/** Frames after a cursor, about `bytes` in all but at least one if there is one; or why there can be none. */
	page(cursor: Position, bytes: number): Page {
		this.#log.close();
		const reset = this.#whyReset(cursor);
		if (reset) return { reset };
		return pageOf(this.#reader.after(cursor.seq, Math.min(bytes, LIMITS.chunkBytes)), cursor, bytes);
	}

	/** Batches that end before `seq`, or the newest ones, newest first. */
	changesBefore(seq: number | null, limit: number): { rows: Batch[]; more: boolean } {
		this.#log.close();
		return this.#reader.before(seq, limit, ANSWER_BYTES);
	}

	/** The row as it is shown, null where there is none or no such table. */
	row(entity: string, key: string): Record<string, unknown> | null {
		const table = this.#table(entity);
		return table && readRow(this.#log.sql, table, key, this.#clean);
	}

	/** The whole text of a column that was cut, as `rows: [text]`. */
	cell(entity: string, key: string, column: string): QueryAnswer | Refusal {
		const table = this.#table(entity);
		return table ? readCell(this.#log.sql, table, { key, column }, this.#clean) : unknownTable(entity);
	}

	/** Rows of a table as they are shown, the latest inserted first. */
	older(entity: string, which: Older): QueryAnswer | Refusal {
		const table = this.#table(entity);
		return table ? readOlder(this.#log.sql, table, which, this.#clean) : unknownTable(entity);
	}

	/** Whether rows of this entity are part of a state; null where there is no such table to be seen. */
	kind(entity: string): Table["kind"] | null {
		return this.#table(entity)?.kind ?? null;
	}

	/** True when a new epoch begins. What is there already is then told in a batch of its own, from which on the log is whole. */
	#adopt(): boolean {
		const plain = sqlOf(this.#storage);
		this.#log.close();
		this.#tables = presentTables(plain, this.#described);
		const tables = Object.values(this.#tables);
		const before = storedEpoch(plain);
		this.#epoch = openEpoch(plain, tables, this.#random, installCapture(plain, tables));
		if (before === this.#epoch) return false;
		this.run(ATTACHED, () => recount(this.sql, tables));
		this.#log.close();
		return true;
	}

	#table(entity: string): Table | null {
		return (Object.hasOwn(this.#tables, entity) && this.#tables[entity]) || null;
	}

	#whyReset(cursor: Position | null): ResetReason | null {
		const { horizon } = this.#compaction;
		const log = {
			epoch: this.epoch,
			head: () => this.head(),
			horizon: () => horizon.seq,
			markAt: (seq: number) => (seq === horizon.seq ? horizon.mark : this.#reader.markAt(seq)),
		};
		return whyReset(log, cursor);
	}

	/** What follows the cursor, else the whole state: never a part (FEED-2, FEED-3). */
	#replay({ cursor }: Subscribe): Replay {
		this.#log.close();
		const reason = this.#whyReset(cursor);
		if (cursor && !reason) return { after: cursor.seq };
		const texts = stateChunks({
			storage: this.#storage,
			tables: Object.values(this.#tables),
			position: this.head(),
			reason: reason ?? "first",
			bytes: LIMITS.chunkBytes,
			clean: this.#clean,
		});
		return { texts };
	}

	#framesAfter(seq: number): Iterable<Frame> {
		return this.#reader.after(seq, LIMITS.chunkBytes);
	}
}

const unknownTable = (entity: string): Refusal => ({
	ok: false,
	code: "unknown-entity",
	message: `there is no table ${entity} to be seen`,
});
