import { CLOSE, type CloseCode, LIMITS } from "../../shared/protocol/index.ts";
import { closedSocket } from "../auth/closed-socket.ts";
import type { Admin } from "../auth/rights.ts";
import { checkTicket, type Ticket } from "../auth/ticket.ts";
import type { Sql } from "../live-ops/index.ts";
import type { RightsCache } from "./rights-cache.ts";

type Options = {
	sql: Sql;
	secret: string;
	clock: () => number;
	rights: RightsCache;
	/** Open sockets of this admin. */
	socketsOf(admin: string): number;
	/** A known admin was refused: an entry (LEDGER-11). */
	refused(admin: Admin, what: string, code: string, message: string): void;
};

/** Lets sockets in by ticket, once each (SEC-2). The session is the only consumer of its town's tickets. */
export class Admission {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
		options.sql.run(
			"CREATE TABLE IF NOT EXISTS used_tickets (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID",
		);
	}

	/** The ticket, or the closed socket that says why not. */
	async admit(town: string, token: string | null): Promise<Ticket | Response> {
		const { clock, rights, socketsOf, refused } = this.#options;
		const checked = await this.consume(town, token);
		if ("code" in checked) return closedSocket(CLOSE.badTicket, checked.message);
		const { admin, identityExpiresAt } = checked;
		const refuse = (code: CloseCode, word: string, message: string) => {
			refused(admin, "socket", word, message);
			return closedSocket(code, message);
		};
		if (identityExpiresAt <= clock())
			return refuse(CLOSE.identityExpired, "identity_expired", "Your sign-in has expired. Sign in again.");
		const may = await rights.check(admin.id);
		if (!may.ok) {
			if (may.code === "directory_unavailable") return closedSocket(CLOSE.unavailable, may.message);
			return refuse(CLOSE.forbidden, may.code, may.message);
		}
		if (socketsOf(admin.id) >= LIMITS.socketsPerAdmin)
			return refuse(
				CLOSE.tooMany,
				"too_many_sockets",
				`You have ${LIMITS.socketsPerAdmin} pages of this town open. Close one.`,
			);
		return checked;
	}

	/** Checks a ticket and uses it up, in one turn after the check of its signature. */
	async consume(
		town: string,
		token: string | null,
	): Promise<Ticket | { ok: false; code: string; message: string }> {
		const { sql, secret, clock, refused } = this.#options;
		const checked = await checkTicket(secret, token, town, clock());
		if (!checked.ok) return checked;
		const { ticket } = checked;
		sql.run("DELETE FROM used_tickets WHERE expires_at < ?", clock());
		if (sql.one("SELECT 1 FROM used_tickets WHERE id = ?", ticket.id)) {
			const message = "The ticket was used before.";
			refused(ticket.admin, "socket", "ticket_used", message);
			return { ok: false, code: "ticket_used", message };
		}
		sql.run("INSERT INTO used_tickets (id, expires_at) VALUES (?, ?)", ticket.id, ticket.expiresAt);
		return ticket;
	}
}
