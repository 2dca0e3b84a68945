import type { Failure, Up } from "../../shared/protocol/index.ts";
import type { Admin } from "../auth/rights.ts";
import type { Sql } from "../live-ops/index.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Viewer } from "./viewer.ts";

type Open = { access: string; admin: string; reason: string; at: number };

/** Refusals that say nothing about the admin: the town or the session was not there to answer. */
const NOT_TOLD = new Set([
	"town_unreachable",
	"agent_unreachable",
	"outcome_unknown",
	"blind",
	"rights_unknown",
]);

/** Who opened the town, why and for how long, and what known admins were refused (LEDGER-11). */
export class Access {
	readonly #sql: Sql;
	readonly #ledger: Ledger;
	readonly #clock: () => number;

	constructor(options: { sql: Sql; ledger: Ledger; clock: () => number }) {
		this.#sql = options.sql;
		this.#ledger = options.ledger;
		this.#clock = options.clock;
		this.#sql.run(
			"CREATE TABLE IF NOT EXISTS open_access (access TEXT PRIMARY KEY, admin TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID",
		);
	}

	/** The first `hello` of a socket; those after a wake are not openings. */
	opened(viewer: Viewer, reason: string): void {
		if (viewer.state.opened) return;
		const access = crypto.randomUUID();
		const at = this.#clock();
		this.#sql.transaction(() => {
			this.#sql.run(
				"INSERT INTO open_access (access, admin, reason, at) VALUES (?, ?, ?, ?)",
				access,
				JSON.stringify(viewer.admin),
				reason,
				at,
			);
			this.#append(access, viewer.admin, { case: reason, event: "opened", seconds: null });
		});
		viewer.update({ opened: { access, reason, at } });
	}

	left({ state: { opened, admin } }: Viewer): void {
		if (opened)
			this.#left(opened.access, admin, opened.reason, Math.round((this.#clock() - opened.at) / 1000));
	}

	/** After a crash: who was here before and is no more left unseen, so nobody knows after how long. */
	leftUnseen(here: string[]): void {
		for (const { access, admin, reason } of this.#sql.all<Open>("SELECT * FROM open_access"))
			if (!here.includes(access)) this.#left(access, JSON.parse(admin) as Admin, reason, null);
	}

	/** At most one entry per admin, reason and minute. */
	refused(admin: Admin, what: string, code: string, message: string): void {
		if (this.#ledger.refusedLately(admin.id, code)) return;
		this.#ledger.append({ id: crypto.randomUUID(), step: "refusal", admin, body: { what, code, message } });
	}

	/** A request that was refused before any order; a click made blind leaves no entry (SOCKET-3). */
	refusedRequest(admin: Admin, message: Extract<Up, { t: "propose" | "follow" }>, failure: Failure): void {
		if (NOT_TOLD.has(failure.code)) return;
		const what = message.t === "propose" ? `${message.name} ${message.target}` : `follow ${message.agent}`;
		this.refused(admin, what, failure.code, failure.message);
	}

	#left(access: string, admin: Admin, reason: string, seconds: number | null): void {
		this.#sql.transaction(() => {
			this.#sql.run("DELETE FROM open_access WHERE access = ?", access);
			this.#append(access, admin, { case: reason, event: "left", seconds });
		});
	}

	#append(
		id: string,
		admin: Admin,
		body: { case: string; event: "opened" | "left"; seconds: number | null },
	): void {
		this.#ledger.append({ id, step: "access", admin, body });
	}
}
