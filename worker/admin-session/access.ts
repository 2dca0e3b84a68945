import type { AccessBody, RefusalBody } from "../../shared/interventions/steps.ts";
import type { Failure, Up } from "../../shared/protocol/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import type { Admin } from "../auth/rights.ts";
import type { Agenda, Sql } from "../live-ops/index.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Viewer } from "./viewer.ts";

/** Name of its entries in the agenda, followed by `:` and the access's id. */
export const LEFT = "left";
/** Who is back by then, with the same case, has never left: a reload and a lost connection are no leaving. */
const AWAY_MS = 60_000;

/** One opening of the town. `left_at` is when its last page went; null while one is open, or when nobody saw it go. */
type Open = { access: string; admin: string; reason: string; at: number; left_at: number | null };

type Options = {
	sql: Sql;
	ledger: Ledger;
	agenda: Pick<Agenda, "set" | "cancel" | "due">;
	clock: () => number;
	viewers(): Iterable<Viewer>;
	/** It has ended: what was granted for it ends with it. */
	over(access: string): void;
};

/** Refusals that say nothing about the admin: the town or the session was not there to answer. */
const NOT_TOLD = new Set([
	"town_unreachable",
	"agent_unreachable",
	"outcome_unknown",
	"blind",
	"rights_unknown",
]);

/**
 * Who opened the town, why and for how long, and what known admins were refused (LEDGER-11). All pages of one admin with
 * one case are one access, from the first that opens until none has been open for a minute. Words are redacted (FEED-6).
 */
export class Access {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
		options.sql.run(`CREATE TABLE IF NOT EXISTS open_access (
			access TEXT PRIMARY KEY, admin TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, left_at INTEGER) WITHOUT ROWID`);
		// Sessions that were made before a reload was no leaving have a table without it.
		if (!options.sql.one("SELECT 1 FROM pragma_table_info('open_access') WHERE name = 'left_at'"))
			options.sql.run("ALTER TABLE open_access ADD COLUMN left_at INTEGER");
	}

	/** The first `hello` of a socket; those after a wake are not openings, nor is another page of the same admin and case. */
	opened(viewer: Viewer, said: string): void {
		if (viewer.state.opened) return;
		const reason = redact(said);
		const open = this.#openOf(viewer.admin.id, reason) ?? this.#open(viewer.admin, reason);
		this.#options.sql.run("UPDATE open_access SET left_at = NULL WHERE access = ?", open.access);
		this.#options.agenda.cancel(`${LEFT}:${open.access}`);
		viewer.update({ opened: { access: open.access, reason, at: open.at } });
	}

	/** A page has gone; call it when it is no more among the viewers. */
	left({ state: { opened } }: Viewer): void {
		if (!opened || this.#isHere(opened.access)) return;
		const { sql, clock } = this.#options;
		sql.run("UPDATE open_access SET left_at = ? WHERE access = ?", clock(), opened.access);
		this.#away(opened.access);
	}

	/** After a crash: who was here before and does not come back left unseen, so nobody knows after how long. */
	leftUnseen(): void {
		const { sql, agenda } = this.#options;
		for (const { access } of sql.all<Open>("SELECT * FROM open_access"))
			if (!this.#isHere(access) && agenda.due(`${LEFT}:${access}`) === null) this.#away(access);
	}

	/** For the agenda: nobody has come back to this access in time. */
	isOver(access: string): void {
		const { sql } = this.#options;
		const open = sql.one<Open>("SELECT * FROM open_access WHERE access = ?", access);
		if (!open || this.#isHere(access)) return;
		const { admin, reason, at, left_at } = open;
		const seconds = left_at === null ? null : Math.round((left_at - at) / 1000);
		sql.transaction(() => {
			sql.run("DELETE FROM open_access WHERE access = ?", access);
			this.#options.over(access);
			this.#append(access, JSON.parse(admin) as Admin, { case: reason, event: "left", seconds });
		});
	}

	/** At most one entry per admin, reason and minute. */
	refused(admin: Admin, what: string, code: string, message: string): void {
		const { ledger } = this.#options;
		if (ledger.refusedLately(admin.id, code)) return;
		const body: RefusalBody = { what: redact(what), code, message: redact(message) };
		ledger.append({ id: crypto.randomUUID(), step: "refusal", admin, body });
	}

	/** A request that was refused before any order; a click made blind leaves no entry (SOCKET-3). */
	refusedRequest(admin: Admin, message: Up, failure: Failure): void {
		const what = wordsOf(message);
		if (what === null || NOT_TOLD.has(failure.code)) return;
		this.refused(admin, what, failure.code, failure.message);
	}

	#openOf(admin: string, reason: string): Open | null {
		return this.#options.sql.one<Open>(
			"SELECT * FROM open_access WHERE json_extract(admin, '$.id') = ? AND reason = ?",
			admin,
			reason,
		);
	}

	#open(admin: Admin, reason: string): Pick<Open, "access" | "at"> {
		const { sql, clock } = this.#options;
		const access = crypto.randomUUID();
		const at = clock();
		sql.transaction(() => {
			sql.run(
				"INSERT INTO open_access (access, admin, reason, at) VALUES (?, ?, ?, ?)",
				access,
				JSON.stringify(admin),
				reason,
				at,
			);
			this.#append(access, admin, { case: reason, event: "opened", seconds: null });
		});
		return { access, at };
	}

	#isHere(access: string): boolean {
		for (const { state } of this.#options.viewers()) if (state.opened?.access === access) return true;
		return false;
	}

	#away(access: string): void {
		const { agenda, clock } = this.#options;
		agenda.set(`${LEFT}:${access}`, clock() + AWAY_MS);
	}

	#append(id: string, admin: Admin, body: AccessBody): void {
		this.#options.ledger.append({ id, step: "access", admin, body });
	}
}

/** What was asked for, of requests whose refusal is told. */
function wordsOf(message: Up): string | null {
	switch (message.t) {
		case "propose":
			return `${message.name} ${message.target}`;
		case "remedy":
			return message.steps.map(({ name, target }) => `${name} ${target}`).join(", then ");
		case "follow":
			return `follow ${message.agent}`;
		case "reveal":
			return `reveal ${message.agent}`;
		default:
			return null;
	}
}
