import type { Table } from "../../shared/gastown/table.ts";
import { literal } from "./ddl.ts";
import type { Sql, SqlValue } from "./sql.ts";

/** Where the log begins: the end of a batch, with its mark, and the bytes that were ever logged up to it. */
export type Horizon = { seq: number; mark: string; bytes: number };

export type LogLimits = {
	/** The horizon moves when the first of these three is reached. */
	ageMs: number;
	changes: number;
	bytes: number;
	/** Changes that one step takes out, but for one batch that is larger. */
	stepChanges: number;
};

export const LOG_LIMITS: LogLimits = {
	ageMs: 7 * 24 * 3_600_000,
	changes: 500_000,
	bytes: 1024 ** 3,
	// About 20 ms of the object's time (measured with rows of 500 bytes).
	stepChanges: 1_000,
};

/** Name of the agenda entry whose handler is `LiveOps.compact`. */
export const COMPACT_AGENDA = "compact";
/** Time between two looks while the log is within its limits: none of them is reached in less by a town. */
export const COMPACT_MS = 3_600_000;

type BatchEnd = { last_seq: number; at: number; mark: string; bytes: number };

/**
 * Keeps the log within its limits (FEED-4): in steps, from its beginning, whole batches move below the horizon. Of state
 * tables the newest row of each key stays in `change_base`, so that the state at any seq from the horizon on can be made;
 * of journal tables nothing stays, since the tables themselves hold their rows.
 */
export class Compaction {
	readonly #sql: Sql;
	readonly #states: string;
	readonly #clock: () => number;
	readonly #limits: () => LogLimits;

	constructor(sql: Sql, tables: readonly Table[], clock: () => number, limits: () => LogLimits) {
		this.#sql = sql;
		this.#clock = clock;
		this.#limits = limits;
		this.#states = `(${tables
			.filter((table) => table.kind === "state")
			.map((table) => literal(table.name))
			.join(", ")})`;
		sql.run(`CREATE TABLE IF NOT EXISTS change_base (
			entity TEXT NOT NULL, key TEXT NOT NULL, row TEXT, PRIMARY KEY (entity, key)) WITHOUT ROWID`);
	}

	get horizon(): Horizon {
		const row = this.#sql.one<{ value: string }>("SELECT value FROM live_ops_meta WHERE key = 'horizon'");
		return row ? (JSON.parse(row.value) as Horizon) : { seq: 0, mark: "", bytes: 0 };
	}

	/**
	 * Takes out what is over a limit, one step of it. Answers when to look again, epoch milliseconds; null while there is
	 * nothing that could be taken out.
	 */
	step(): number | null {
		const { stepChanges } = this.#limits();
		const before = this.horizon;
		const batches = this.#sql.all<BatchEnd>(
			"SELECT last_seq, at, mark, bytes FROM change_batch WHERE last_seq > ? ORDER BY last_seq LIMIT ?",
			before.seq,
			stepChanges,
		);
		// The newest batch stays: the head is read from it.
		const head = this.#sql.one<BatchEnd>(
			"SELECT last_seq, at, mark, bytes FROM change_batch ORDER BY last_seq DESC LIMIT 1",
		);
		let horizon = before;
		for (const { last_seq: seq, at, mark, bytes } of batches) {
			if (!head || seq === head.last_seq) break;
			if (!this.#isOver(horizon, head, at)) break;
			if (horizon !== before && seq - before.seq > stepChanges) return this.#move(before, horizon);
			horizon = { seq, mark, bytes };
		}
		if (horizon !== before) return this.#move(before, horizon);
		return batches.length > 1 ? this.#clock() + COMPACT_MS : null;
	}

	/** `at`: of the batch that would go next. */
	#isOver(horizon: Horizon, head: BatchEnd, at: number): boolean {
		const { ageMs, changes, bytes } = this.#limits();
		return (
			at < this.#clock() - ageMs ||
			head.last_seq - horizon.seq > changes ||
			head.bytes - horizon.bytes > bytes
		);
	}

	/** Answers now: there may be more. */
	#move(before: Horizon, to: Horizon): number {
		const range: SqlValue[] = [before.seq + 1, to.seq];
		const taken = `FROM change_log WHERE seq BETWEEN ? AND ? AND entity IN ${this.#states}`;
		this.#sql.transaction(() => {
			// Beside `max` the other columns are those of the newest row.
			this.#sql.run(
				`INSERT OR REPLACE INTO change_base (entity, key, row)
				SELECT entity, key, row FROM (SELECT entity, key, row, max(seq) ${taken} GROUP BY entity, key)`,
				...range,
			);
			this.#sql.run(
				`DELETE FROM change_base WHERE row IS NULL AND (entity, key) IN (SELECT entity, key ${taken} AND op = 'del')`,
				...range,
			);
			this.#sql.run("DELETE FROM change_log WHERE seq <= ?", to.seq);
			this.#sql.run("DELETE FROM change_batch WHERE last_seq <= ?", to.seq);
			this.#sql.run(
				"INSERT OR REPLACE INTO live_ops_meta (key, value) VALUES ('horizon', ?)",
				JSON.stringify(to),
			);
		});
		return this.#clock();
	}
}
