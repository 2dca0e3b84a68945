import {
	agentPulse, dispatchAttempts, integer, type Row, table, text, textOrNull,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import { migrateTable } from "../../live-ops/ddl.ts";
import type { Sql, SqlValue } from "../../live-ops/sql.ts";
import { getRow, insertRow, listRows } from "../rows.ts";

/** Uncaptured: what is awaited is shown as `town_state.stops`. */
const outsideEffects = table(
	"outside_effects",
	"state",
	["id", "agent"],
	{
		/** The intervention, which is the idempotency key. */
		id: text(),
		agent: text(),
		bead: textOrNull(),
		/** The agent's newest attempt when it was ordered: only the end of that one counts. Null where it never had one. */
		attempt: textOrNull(),
		/** The container that ran then; null where none was known. */
		instance: textOrNull(),
		/**
		 * `pending`: to be asked. `asked`: the container has taken the order, its end is awaited. `done`: the end was seen.
		 * `unknown`: it could not be seen in time; it stays so until it is observed (LEDGER-2).
		 */
		status: text(),
		tries: integer(),
		/** Epoch milliseconds: when it was ordered, and when it is tried next. */
		at: integer(),
		due: integer(),
		error: textOrNull(),
	},
	["status, due"],
);
export type OutsideRow = Row<typeof outsideEffects>;

/** After a stop was asked for, its end is awaited this long before the container is asked again. */
const ASK_AGAIN_MS = 15_000;
/** After this long an end that nobody saw is `unknown`: longer than a container takes to start (domain.md §2.6). */
const GIVES_UP_MS = 300_000;
const retryMs = (tries: number) => Math.min(1_000 * 2 ** tries, 60_000);
const AWAITED = "status IN ('pending', 'asked', 'unknown')";

/** Effects outside the database, each written with its receipt and run with the intervention's id as idempotency key. */
export class OutsideEffects {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
		migrateTable(sql, outsideEffects);
	}

	/** Keeps each effect with the attempt that it is to end. `instance` is the container that runs now. */
	write(id: string, effects: readonly OutsideEffect[], instance: string | null, now: number): void {
		for (const effect of effects) {
			if (effect.kind !== "stop-agent") continue;
			const { agent, bead } = effect;
			const [newest] = listRows(
				this.#sql,
				dispatchAttempts,
				"WHERE agent_id = ? ORDER BY at DESC, rowid DESC LIMIT 1",
				agent,
			);
			const attempt = newest?.attempt_id ?? null;
			const begun = { status: "pending", tries: 0, at: now, due: now };
			insertRow(this.#sql, outsideEffects, { id, agent, bead, attempt, instance, ...begun });
		}
	}

	/** Those to run now. */
	due(now: number): OutsideRow[] {
		return this.#rows(`${AWAITED} AND due <= ? ORDER BY due, id`, now);
	}

	/** When the next is to be run, or null. What is `unknown` waits for a sign of its process. */
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
			 WHERE id = ? AND agent = ? AND ${AWAITED}`,
			status,
			now + (error === null ? ASK_AGAIN_MS : retryMs(row.tries)),
			error,
			row.id,
			row.agent,
		);
	}

	/** The end of this one was seen. False where it had been seen before: its agent may be at other work by now. */
	ended({ id, agent }: OutsideRow): boolean {
		const changed = this.#sql.one(
			`UPDATE outside_effects SET status = 'done', error = NULL WHERE id = ? AND agent = ? AND ${AWAITED} RETURNING id`,
			id,
			agent,
		);
		return changed !== null;
	}

	/** Those that wait for the end of this attempt; a report that names none is of what the agent was at. */
	ofAttempt(agent: string, attempt: string | null): OutsideRow[] {
		return this.#rows(`${AWAITED} AND agent = ? AND coalesce(attempt = ?, 1)`, agent, attempt);
	}

	/** Those whose process ran in this container; without a name, in whatever container ran. */
	ofInstance(instance: string | null): OutsideRow[] {
		return this.#rows(`${AWAITED} AND coalesce(instance = ?, 1)`, instance);
	}

	/**
	 * Those that a container which runs only these agents shows to have ended: it told of them before, or has had longer
	 * than it takes to start one.
	 */
	notAmong(running: readonly string[]): OutsideRow[] {
		return this.awaited().filter((row) => {
			if (running.includes(row.agent)) return false;
			if (row.status === "unknown") return true;
			const heard = getRow(this.#sql, agentPulse, row.agent)?.heartbeat_at;
			const attempt = row.attempt === null ? null : getRow(this.#sql, dispatchAttempts, row.attempt);
			return heard !== undefined && (attempt === null || heard >= Date.parse(attempt.at));
		});
	}

	/** All whose end was not seen yet, oldest first. */
	awaited(): OutsideRow[] {
		return this.#rows(`${AWAITED} ORDER BY at, id, agent`);
	}

	/** Those of one intervention. */
	of(id: string): OutsideRow[] {
		return this.#rows("id = ? ORDER BY agent", id);
	}

	/** An unfinished effect keeps its agent and its bead from dispatch: two processes would do one bead's work. */
	holds(kind: "agent" | "bead", id: string): boolean {
		return (
			this.#sql.one(`SELECT 1 FROM outside_effects WHERE ${AWAITED} AND ${kind} = ? LIMIT 1`, id) !== null
		);
	}

	#rows(where: string, ...bindings: SqlValue[]): OutsideRow[] {
		return listRows(this.#sql, outsideEffects, `WHERE ${where}`, ...bindings);
	}
}
