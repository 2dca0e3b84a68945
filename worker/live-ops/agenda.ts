import { logFailure } from "../log.ts";
import type { Sql } from "./sql.ts";

/** Runs one entry. `argument` is what follows the first `:` of its name, else "". */
export type AgendaHandler = (argument: string, now: number) => void | Promise<void>;

/** The wait after the n-th failure in a row, milliseconds: 1 s, 2 s, 4 s … 5 min. */
export const retryMs = (failures: number) => Math.min(1_000 * 2 ** (failures - 1), 300_000);

/** A handler that takes longer counts as failed: it must not keep the one alarm from the others. */
const HANDLER_MS = 30_000;

type Entry = { name: string; due: number; tries: number };

/**
 * The one alarm of a Durable Object, shared by name (ALARM-1): the alarm is the earliest due time of the table `agenda`.
 * An entry is kept until its handler has ended, so a crash in between runs it again: handlers are idempotent.
 */
export class Agenda {
	readonly #storage: DurableObjectStorage;
	readonly #sql: Sql;
	readonly #clock: () => number;

	constructor(ctx: DurableObjectState, sql: Sql, clock: () => number) {
		this.#storage = ctx.storage;
		this.#sql = sql;
		this.#clock = clock;
		sql.run(`CREATE TABLE IF NOT EXISTS agenda (
			name TEXT PRIMARY KEY, due INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`);
	}

	/** Plans `name` (`handler` or `handler:argument`) at `due`, epoch milliseconds, in place of any earlier plan of that name. */
	set(name: string, due: number): void {
		this.#planned(() =>
			this.#sql.run(
				"INSERT OR REPLACE INTO agenda (name, due, tries) VALUES (?, ?, 0)",
				name,
				Math.ceil(due),
			),
		);
	}

	/** Plans `name` and sets the alarm whatever it was set to: one that was lost comes again. */
	rearm(name: string, due: number): void {
		this.set(name, due);
		this.#arm();
	}

	cancel(name: string): void {
		this.#planned(() => this.#sql.run("DELETE FROM agenda WHERE name = ?", name));
	}

	/** When `name` is due, or null when it is not planned. */
	due(name: string): number | null {
		return this.#sql.one<Entry>("SELECT due FROM agenda WHERE name = ?", name)?.due ?? null;
	}

	/** Names of all that is planned for one handler, with their arguments. */
	names(handler: string): string[] {
		return this.#sql
			.all<Entry>("SELECT name FROM agenda WHERE name >= ? AND name < ?", `${handler}:`, `${handler};`)
			.map(({ name }) => name);
	}

	/**
	 * Call this from `alarm()`. Runs what is due; a handler that fails is logged and tried again later, and neither stops
	 * the others nor throws out.
	 */
	async run(handlers: Record<string, AgendaHandler>): Promise<void> {
		const now = this.#clock();
		const entries = this.#sql.all<Entry>("SELECT * FROM agenda WHERE due <= ? ORDER BY due, name", now);
		await Promise.all(entries.map((entry) => this.#runOne(entry, handlers, now)));
		this.#arm();
	}

	async #runOne(entry: Entry, handlers: Record<string, AgendaHandler>, now: number): Promise<void> {
		const { name, due } = entry;
		// Its next try is planned before it starts; `set` during the run makes tries 0, which keeps the new plan below.
		const leased = entry.tries + 1;
		const mine = this.#sql.one(
			"UPDATE agenda SET due = ?, tries = ? WHERE name = ? AND due = ? AND tries = ? RETURNING name",
			now + HANDLER_MS + retryMs(leased),
			leased,
			name,
			due,
			entry.tries,
		);
		// An earlier handler of this run has cancelled or moved it.
		if (!mine) return;
		this.#arm();
		const colon = name.indexOf(":");
		const handler = handlers[colon < 0 ? name : name.slice(0, colon)];
		try {
			if (!handler) throw new Error("no handler of this name");
			await withinTime(handler(colon < 0 ? "" : name.slice(colon + 1), now));
			this.#sql.run("DELETE FROM agenda WHERE name = ? AND tries = ?", name, leased);
		} catch (error) {
			logFailure("agenda entry failed", { name, tries: leased }, error);
			this.#sql.run(
				"UPDATE agenda SET due = ? WHERE name = ? AND tries = ?",
				this.#clock() + retryMs(leased),
				name,
				leased,
			);
		}
	}

	/** Moves the alarm only when the earliest entry has changed: each move is a row written. */
	#planned(change: () => void): void {
		const before = this.#earliest();
		change();
		if (this.#earliest() !== before) this.#arm();
	}

	#earliest(): number | null {
		return this.#sql.one<{ due: number | null }>("SELECT MIN(due) AS due FROM agenda")?.due ?? null;
	}

	/** The wait is counted on the object's clock and then set on the machine's, which is the one that fires alarms. */
	#arm(): void {
		const due = this.#earliest();
		if (due === null) void this.#storage.deleteAlarm();
		else void this.#storage.setAlarm(Date.now() + Math.max(0, due - this.#clock()));
	}
}

async function withinTime(work: void | Promise<void>): Promise<void> {
	if (!work) return;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`took longer than ${HANDLER_MS} ms`)), HANDLER_MS);
	});
	try {
		await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
