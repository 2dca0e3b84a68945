import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import type { Sql } from "../../live-ops/sql.ts";

/**
 * `pending`: to be asked. `asked`: the container has taken the order, its end is awaited. `done`: the end was seen.
 * `unknown`: it could not be seen in time; it stays so until it is observed (LEDGER-2).
 */
type OutsideStatus = "pending" | "asked" | "done" | "unknown";

export type OutsideRow = {
	id: string;
	agent: string;
	bead: string | null;
	status: OutsideStatus;
	tries: number;
	/** Epoch milliseconds: when it was ordered, and when it is tried next. */
	at: number;
	due: number;
	error: string | null;
};

/** After a stop was asked for, its end is awaited this long before the container is asked again. */
const ASK_AGAIN_MS = 15_000;
/** After this long an end that nobody saw is `unknown`: longer than a container takes to start (domain.md §2.6). */
const GIVES_UP_MS = 300_000;
const retryMs = (tries: number) => Math.min(1_000 * 2 ** tries, 60_000);

/** Effects outside the database, each written with its receipt and run with the intervention's id as idempotency key. */
export class OutsideEffects {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
		sql.run(`CREATE TABLE IF NOT EXISTS outside_effects (
			id TEXT NOT NULL, agent TEXT NOT NULL, bead TEXT, status TEXT NOT NULL, tries INTEGER NOT NULL,
			at INTEGER NOT NULL, due INTEGER NOT NULL, error TEXT, PRIMARY KEY (id, agent)) WITHOUT ROWID`);
		sql.run("CREATE INDEX IF NOT EXISTS outside_effects_by_status ON outside_effects (status, due)");
	}

	write(id: string, effects: readonly OutsideEffect[], now: number): void {
		for (const { agent, bead } of effects)
			this.#sql.run(
				"INSERT INTO outside_effects VALUES (?, ?, ?, 'pending', 0, ?, ?, NULL)",
				id,
				agent,
				bead,
				now,
				now,
			);
	}

	/** Those to run now. */
	due(now: number): OutsideRow[] {
		return this.#sql.all<OutsideRow>(
			"SELECT * FROM outside_effects WHERE status IN ('pending', 'asked') AND due <= ? ORDER BY due, id",
			now,
		);
	}

	/** When the next is to be run, or null. */
	nextDue(): number | null {
		return (
			this.#sql.one<{ due: number | null }>(
				"SELECT MIN(due) AS due FROM outside_effects WHERE status IN ('pending', 'asked')",
			)?.due ?? null
		);
	}

	/** The container took the order, or could not be reached (`error`). */
	tried(row: OutsideRow, now: number, error: string | null): void {
		const status = now - row.at >= GIVES_UP_MS ? "unknown" : error === null ? "asked" : row.status;
		this.#sql.run(
			`UPDATE outside_effects SET status = ?, tries = tries + 1, due = ?, error = ?
			 WHERE id = ? AND agent = ? AND status IN ('pending', 'asked')`,
			status,
			now + (error === null ? ASK_AGAIN_MS : retryMs(row.tries)),
			error,
			row.id,
			row.agent,
		);
	}

	/** The end of this agent's process was seen, or that of every process. */
	ended(agent: string | null): void {
		this.#sql.run(
			"UPDATE outside_effects SET status = 'done', error = NULL WHERE status != 'done' AND agent = IFNULL(?, agent)",
			agent,
		);
	}

	of(id: string): OutsideRow[] {
		return this.#sql.all<OutsideRow>("SELECT * FROM outside_effects WHERE id = ? ORDER BY agent", id);
	}

	/** An unfinished effect keeps its agent and its bead from dispatch: two processes would do one bead's work. */
	holds(kind: "agent" | "bead", id: string): boolean {
		return (
			this.#sql.one(`SELECT 1 FROM outside_effects WHERE ${kind} = ? AND status != 'done' LIMIT 1`, id) !==
			null
		);
	}
}
