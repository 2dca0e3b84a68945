import { z } from "zod";
import {
	agentPulse, dispatchAttempts, integer, json, type Row, table, text, textOrNull,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list
import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import { migrateTable } from "../../live-ops/ddl.ts";
import type { Sql, SqlValue } from "../../live-ops/sql.ts";
import { getRow, insertRow, listRows } from "../rows.ts";

/** Uncaptured: how they stand is shown as `town_state.stops`. */
const orderedEffects = table(
	"ordered_effects",
	"state",
	["id", "subject"],
	{
		/** The intervention, which is the idempotency key. */
		id: text(),
		/** The agent, the merge request, or `container`. */
		subject: text(),
		kind: text(),
		/** The effect as the catalogue gave it. */
		effect: json(z.custom<OutsideEffect>()),
		bead: textOrNull(),
		/** The agent's newest attempt when it was ordered: only that one is meant. Null where it never had one. */
		attempt: textOrNull(),
		/** The container that ran then; null where none was known. */
		instance: textOrNull(),
		/**
		 * `pending`: to be asked. `asked`: the container has taken the order, an end is awaited. `done`: it was carried out, and an
		 * end was seen. `unknown`: an end that could not be seen in time; it stays so until it is observed (LEDGER-2). `failed`:
		 * it was refused, or is too late to be of use.
		 */
		status: text(),
		tries: integer(),
		/** Epoch milliseconds: when it was ordered, and when it is tried next. */
		at: integer(),
		due: integer(),
		error: textOrNull(),
	},
	["status, due", "subject, status"],
);
export type OutsideRow = Row<typeof orderedEffects>;

/** After a stop was asked for, its end is awaited this long before the container is asked again. */
const ASK_AGAIN_MS = 15_000;
/** After this long an end that nobody saw is `unknown`: longer than a container takes to start (domain.md §2.6). */
const GIVES_UP_MS = 300_000;
/** An answer or an abort that comes later would meet another question or another turn than the admin saw. */
const TOO_LATE_MS = 20_000;
/** A container or forge that could not be told for so long: the admin is told instead. */
const LATE_MS: Readonly<Record<string, number>> = {
	container: 90_000,
	"merge-pr": 90_000,
	"refresh-credential": 60_000,
	"sync-config": 60_000,
};
/** Failed ones are shown so long, and so many. */
const SHOWN = { ms: 3_600_000, rows: 20 };

const retryMs = (tries: number) => Math.min(1_000 * 2 ** tries, 60_000);
const AWAITED = "status IN ('pending', 'asked', 'unknown')";
/** Those that end a process: their agent and bead are held until that end was seen. */
const ENDING = "kind IN ('stop-agent', 'kill-agent')";
/** Those that keep their bead from dispatch: a merge request that is merged by hand is not reviewed meanwhile. */
const HOLDING = "kind IN ('stop-agent', 'kill-agent', 'merge-pr')";
const isEnding = ({ kind }: Pick<OutsideRow, "kind">): boolean =>
	kind === "stop-agent" || kind === "kill-agent";
/** The end of a process is always of use. */
const isTooLate = (row: OutsideRow, now: number): boolean =>
	!isEnding(row) && now - row.at >= (LATE_MS[row.kind] ?? TOO_LATE_MS);

/** Effects outside the database, each written with its receipt and run with the intervention's id as idempotency key. */
export class OutsideEffects {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
		migrateTable(sql, orderedEffects);
	}

	/** Keeps each effect with the attempt that it is meant for. `instance` is the container that runs now. */
	write(id: string, effects: readonly OutsideEffect[], instance: string | null, now: number): void {
		for (const effect of effects) {
			const agent = "agent" in effect ? effect.agent : null;
			const review = "review" in effect ? effect.review : null;
			const begun = { status: "pending", tries: 0, at: now, due: now };
			insertRow(this.#sql, orderedEffects, {
				...{ id, subject: agent ?? review ?? "container", kind: effect.kind, effect, instance, ...begun },
				bead: "bead" in effect ? effect.bead : review,
				attempt: agent === null ? null : this.#newestAttempt(agent),
			});
		}
	}

	/** Those to run now, and those whose time is over. */
	due(now: number): OutsideRow[] {
		return this.#rows(`${AWAITED} AND due <= ? ORDER BY due, id`, now);
	}

	/** Those that are to be run at some time. What is `unknown` waits for a sign of its process. */
	planned(): OutsideRow[] {
		return this.#rows("status IN ('pending', 'asked')");
	}

	/** Its time is over: it is not asked for any more. True where that is so. */
	expired(row: OutsideRow, now: number): boolean {
		const late = isTooLate(row, now);
		if (late) this.failed(row, row.error ?? "It was not answered in time.");
		return late;
	}

	/** The container took an order whose end is awaited, or could not be asked (`error`): it is tried again while that is of use. */
	tried(row: OutsideRow, now: number, error: string | null): void {
		if (this.expired({ ...row, error: error ?? row.error }, now)) return;
		const given = isEnding(row) && now - row.at >= GIVES_UP_MS;
		const status = given ? "unknown" : error === null ? "asked" : row.status;
		this.#sql.run(
			`UPDATE ordered_effects SET status = ?, tries = tries + 1, due = ?, error = ?
			 WHERE id = ? AND subject = ? AND ${AWAITED}`,
			status,
			now + (error === null ? ASK_AGAIN_MS : retryMs(row.tries)),
			error,
			row.id,
			row.subject,
		);
	}

	/** It was carried out, or its end was seen. False where that was known before: its agent may be at other work by now. */
	done({ id, subject }: OutsideRow): boolean {
		const changed = this.#sql.one(
			`UPDATE ordered_effects SET status = 'done', error = NULL WHERE id = ? AND subject = ? AND ${AWAITED} RETURNING id`,
			id,
			subject,
		);
		return changed !== null;
	}

	/** It came to nothing, and why. */
	failed({ id, subject }: OutsideRow, error: string): void {
		this.#sql.run(
			`UPDATE ordered_effects SET status = 'failed', error = ? WHERE id = ? AND subject = ? AND ${AWAITED}`,
			error,
			id,
			subject,
		);
	}

	/** Those that wait for the end of this attempt; a report that names none is of what the agent was at. */
	ofAttempt(agent: string, attempt: string | null): OutsideRow[] {
		return this.#rows(
			`${ENDING} AND ${AWAITED} AND subject = ? AND coalesce(attempt = ?, 1)`,
			agent,
			attempt,
		);
	}

	/** Those whose process ran in this container; without a name, in whatever container ran. */
	ofInstance(instance: string | null): OutsideRow[] {
		return this.#rows(`${ENDING} AND ${AWAITED} AND coalesce(instance = ?, 1)`, instance);
	}

	/**
	 * Those that a container which runs only these agents shows to have ended: it told of them before, or has had longer
	 * than it takes to start one.
	 */
	notAmong(running: readonly string[]): OutsideRow[] {
		return this.awaited().filter((row) => {
			if (!isEnding(row) || running.includes(row.subject)) return false;
			if (row.status === "unknown") return true;
			const heard = getRow(this.#sql, agentPulse, row.subject)?.heartbeat_at;
			const attempt = row.attempt === null ? null : getRow(this.#sql, dispatchAttempts, row.attempt);
			return heard !== undefined && (attempt === null || heard >= Date.parse(attempt.at));
		});
	}

	/** All that are not over, oldest first. */
	awaited(): OutsideRow[] {
		return this.#rows(`${AWAITED} ORDER BY at, id, subject`);
	}

	/** The last that came to nothing, newest first. */
	lastFailed(now: number): OutsideRow[] {
		return this.#rows(
			"status = 'failed' AND at > ? ORDER BY at DESC, id LIMIT ?",
			now - SHOWN.ms,
			SHOWN.rows,
		);
	}

	/** Those of one intervention. */
	of(id: string): OutsideRow[] {
		return this.#rows("id = ? ORDER BY subject", id);
	}

	/** An unfinished end or merge keeps its agent and its bead from dispatch: two would do one bead's work. */
	holds(kind: "agent" | "bead", id: string): boolean {
		const column = kind === "agent" ? "subject" : "bead";
		return (
			this.#sql.one(
				`SELECT 1 FROM ordered_effects WHERE ${HOLDING} AND ${AWAITED} AND ${column} = ? LIMIT 1`,
				id,
			) !== null
		);
	}

	#newestAttempt(agent: string): string | null {
		const [newest] = listRows(
			this.#sql,
			dispatchAttempts,
			"WHERE agent_id = ? ORDER BY at DESC, rowid DESC LIMIT 1",
			agent,
		);
		return newest?.attempt_id ?? null;
	}

	#rows(where: string, ...bindings: SqlValue[]): OutsideRow[] {
		return listRows(this.#sql, orderedEffects, `WHERE ${where}`, ...bindings);
	}
}
