import type { Sql } from "../live-ops/sql.ts";
import type { Event } from "./town-container.ts";

/** Events that the town has not taken yet, in their order. */
export class Outbox {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
		sql.run(
			"CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL)",
		);
	}

	add(event: Event, at: number): void {
		this.#sql.run("INSERT INTO outbox (at, event) VALUES (?, ?)", at, JSON.stringify(event));
	}

	all(): { n: number; at: number; event: Event }[] {
		return this.#sql
			.all<{ n: number; at: number; event: string }>("SELECT * FROM outbox ORDER BY n")
			.map((row) => ({ ...row, event: JSON.parse(row.event) as Event }));
	}

	remove(n: number): void {
		this.#sql.run("DELETE FROM outbox WHERE n = ?", n);
	}
}
