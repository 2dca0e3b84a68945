import { anyCase } from "./any-case.ts";
import {
	byUser,
	type Directory,
	type Membership,
	SEARCH_LIMIT,
	type SearchResult,
	type User,
} from "./directory.ts";

type Stored = Omit<User, "is_admin"> & { is_admin: number };
const userOf = (row: Stored): User => ({ ...row, is_admin: row.is_admin === 1 });

/** The directory that comes with the console, in its own D1 (migrations/0001_directory.sql). */
export class D1Directory implements Directory {
	readonly #db: D1Database;

	constructor(db: D1Database) {
		this.#db = db;
	}

	async find(who: { email: string } | { id: string }): Promise<User | null> {
		const statement =
			"id" in who
				? this.#db.prepare("SELECT * FROM kilocode_users WHERE id = ?").bind(who.id)
				: this.#db.prepare("SELECT * FROM kilocode_users WHERE lower(email) = lower(?)").bind(who.email);
		const row = await statement.first<Stored>();
		return row && userOf(row);
	}

	async search(text: string, limit = SEARCH_LIMIT): Promise<SearchResult> {
		const wanted = text.trim().normalize("NFC");
		const { values, holds } = anyCase(wanted);
		const { results } = await this.#db
			.prepare(
				`SELECT u.*, (SELECT COUNT(*) FROM organization_memberships m WHERE m.user_id = u.id) AS organisations
				 FROM kilocode_users u
				 WHERE ${["u.email", "u.name", "u.id"].map((column) => holds(column, 3)).join(" OR ")}
				 ORDER BY (lower(u.email) = lower(?1) OR u.id = ?1) DESC, lower(u.email), u.id LIMIT ?2`,
			)
			.bind(wanted, limit + 1, ...values)
			.all<Stored & { organisations: number }>();
		const users = results
			.slice(0, limit)
			.map((row) => ({ ...userOf(row), organisations: row.organisations }));
		return { users, more: results.length > limit };
	}

	async membershipsOf(userIds: string[]): Promise<ReadonlyMap<string, Membership[]>> {
		const { results } = await this.#db
			.prepare(
				`SELECT m.user_id, o.id, o.name, m.role
				 FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id
				 WHERE m.user_id IN (SELECT value FROM json_each(?)) ORDER BY o.name, o.id`,
			)
			.bind(JSON.stringify(userIds))
			.all<Membership & { user_id: string }>();
		return byUser(results);
	}
}
