import { AsyncLocalStorage } from "node:async_hooks";
import type { Cause, Position } from "../../shared/protocol/index.ts";
import { asStored, type Clean } from "./clean.ts";
import { columnsOf } from "./ddl.ts";
import { type Sql, type SqlHost, type SqlWatch, sqlOf } from "./sql.ts";

/** What a change takes besides its key and row, about. */
const CHANGE_BYTES = 48;

type Options = {
	storage: SqlHost;
	/** Epoch milliseconds. */
	clock: () => number;
	/** A new value each time: marks. */
	random: () => string;
	/** What is logged of a row's JSON text. */
	clean: Clean;
	/** Called in the turn in which batches were closed, after they were. */
	onClosed: () => void;
};

/** Changes up to `last` that have the same cause, of the run under way. */
type Step = { last: number; cause: Cause | null };

/**
 * Gathers what triggers write to `change_log` into `change_batch`: one batch per synchronous run and cause, in the run's
 * own transaction (FEED-5). A microtask closes the run: workerd commits what a turn wrote only when its microtasks are
 * done. Everything is looked up in the database, never counted here, since a transaction may have rolled back.
 */
export class ChangeLog {
	/** Every write to a captured table goes through this, else its batch names no cause. */
	readonly sql: Sql;
	/** What `sql` tells of each statement; a host's own statements are told the same way (FEED-10). */
	readonly watch: SqlWatch = {
		before: () => this.#enter(),
		wrote: () => this.#wrote(),
		rolledBack: () => this.#forgetRolledBack(),
	};
	readonly #plain: Sql;
	readonly #options: Options;
	readonly #causes = new AsyncLocalStorage<Cause>();
	#steps: Step[] = [];
	/** Cause of the changes that follow the last step. */
	#cause: Cause | null = null;
	#open = false;

	constructor(options: Options) {
		this.#options = options;
		this.#plain = sqlOf(options.storage);
		this.#plain.run(`CREATE TABLE IF NOT EXISTS change_log (
			seq INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, key TEXT NOT NULL, op TEXT NOT NULL, row TEXT)`);
		this.#plain.run(`CREATE TABLE IF NOT EXISTS change_batch (
			last_seq INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT, mark TEXT NOT NULL,
			bytes INTEGER NOT NULL DEFAULT 0)`);
		// Towns of before the log had a limit lack it.
		if (!columnsOf(this.#plain, "change_batch").includes("bytes"))
			this.#plain.run("ALTER TABLE change_batch ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0");
		this.sql = sqlOf(options.storage, this.watch);
	}

	/** Runs `fn`, and what it awaits, with this cause. Each call is a step of its own. */
	run<T>(cause: Cause, fn: () => T): T {
		return this.#causes.run(cause, fn);
	}

	/** The cause of the run under way. */
	cause(): Cause | null {
		return this.#causes.getStore() ?? null;
	}

	/** Position of the last closed batch, without its epoch. */
	head(): Omit<Position, "epoch"> {
		const last = this.#plain.one<{ seq: number; mark: string }>(
			"SELECT last_seq AS seq, mark FROM change_batch ORDER BY last_seq DESC LIMIT 1",
		);
		return last ?? { seq: 0, mark: "" };
	}

	/** Seq of the last change, whose batch may still be open. */
	written(): number {
		return this.#plain.one<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM change_log")?.seq ?? 0;
	}

	/** Writes the batches of the run so far. Happens by itself at its end; a state is read only behind it. */
	close(): void {
		this.#open = false;
		this.#step();
		let first = this.head().seq + 1;
		this.#clean(first);
		for (const { last, cause } of this.#steps) {
			this.#plain.run(
				// Bytes are counted up from the beginning of the log, so that its size is one subtraction (FEED-4).
				`INSERT INTO change_batch (last_seq, first_seq, at, cause, mark, bytes) SELECT ?1, ?2, ?3, ?4, ?5,
				coalesce((SELECT bytes FROM change_batch WHERE last_seq = ?2 - 1), 0)
				+ (SELECT sum(${CHANGE_BYTES} + octet_length(key) + coalesce(octet_length(row), 0))
					FROM change_log WHERE seq BETWEEN ?2 AND ?1)`,
				last,
				first,
				this.#options.clock(),
				cause && JSON.stringify(cause),
				this.#options.random(),
			);
			first = last + 1;
		}
		const closed = this.#steps.length > 0;
		this.#steps = [];
		this.#cause = null;
		if (closed) this.#options.onClosed();
	}

	/** In the transaction of the write: what is to be hidden is never in the log that anybody reads. */
	#clean(from: number): void {
		const { clean } = this.#options;
		if (clean === asStored || this.#steps.length === 0) return;
		for (const { seq, row } of this.#plain.all<{ seq: number; row: string }>(
			"SELECT seq, row FROM change_log WHERE seq >= ? AND row IS NOT NULL",
			from,
		)) {
			const shown = clean(row);
			if (shown !== row) this.#plain.run("UPDATE change_log SET row = ? WHERE seq = ?", shown, seq);
		}
	}

	#enter(): void {
		const cause = this.cause();
		if (this.#open && cause !== this.#cause) this.#step();
		this.#cause = cause;
	}

	#wrote(): void {
		if (this.#open) return;
		this.#open = true;
		queueMicrotask(() => {
			if (this.#open) this.close();
		});
	}

	/** Notes that what was written since the last step has the cause that held until now. */
	#step(): void {
		const end = this.#forgetRolledBack();
		const last = this.#steps.at(-1);
		if (end === (last?.last ?? this.head().seq)) return;
		if (last && last.cause === this.#cause) last.last = end;
		else this.#steps.push({ last: end, cause: this.#cause });
	}

	/** Cuts the steps back to what the log holds. Answers its last seq. */
	#forgetRolledBack(): number {
		const end = this.written();
		for (let last = this.#steps.at(-1); last && last.last > end; last = this.#steps.at(-1)) {
			const before = this.#steps.at(-2)?.last ?? this.head().seq;
			if (before < end) {
				last.last = end;
				break;
			}
			this.#steps.pop();
		}
		return end;
	}
}
