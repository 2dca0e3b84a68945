import { connect, type Socket } from "node:net";
import postgres from "postgres";
import {
	byUser,
	type Directory,
	type Membership,
	SEARCH_LIMIT,
	type SearchResult,
	type User,
} from "./directory.ts";

/** A database that has not answered by then counts as down. */
const ANSWER_MS = 5_000;

type Sql = postgres.Sql;
type Found = User & { organisations: number };

/** As the index is: bytes, so that one index serves exact, first and ordered reads (deploy/postgres/indexes.sql). */
const EMAIL = `lower(u.google_user_email) COLLATE "C"`;

/**
 * A person as the console knows one. `now()` keeps Hyperdrive from answering out of its cache, which holds for a minute: who
 * is no admin any more would be one for longer than SEC-2 allows.
 */
const PERSON = `u.id, u.google_user_email AS email, u.google_user_name AS name, u.is_admin, u.blocked_reason,
	to_json(u.blocked_at)#>>'{}' AS blocked_at, to_json(u.created_at)#>>'{}' AS created_at, now() AS asked_at`;

/** Gastown's own directory (domain.md §4.5), through Hyperdrive, by a role that can only read (deploy/postgres). */
export class PostgresDirectory implements Directory {
	readonly #url: string;

	constructor(url: string) {
		this.#url = url;
	}

	find(who: { email: string } | { id: string }): Promise<User | null> {
		return this.#ask(async (sql) => {
			const rows =
				"id" in who
					? await sql<User[]>`SELECT ${sql.unsafe(PERSON)} FROM kilocode_users u WHERE u.id = ${who.id}`
					: await sql<User[]>`SELECT ${sql.unsafe(PERSON)} FROM kilocode_users u
						WHERE ${sql.unsafe(EMAIL)} = lower(${who.email})
						ORDER BY u.google_user_email = ${who.email} DESC, u.id LIMIT 1`;
			return rows[0] ? userOf(rows[0]) : null;
		});
	}

	search(text: string, limit = SEARCH_LIMIT): Promise<SearchResult> {
		const wanted = text.trim().normalize("NFC");
		return this.#ask(async (sql) => {
			const [exact, others] = await Promise.all(searchStatements(sql, wanted, limit + 1));
			const rows = [...(exact ?? []), ...(others ?? [])];
			const users = rows.slice(0, limit).map((row) => ({ ...userOf(row), organisations: row.organisations }));
			return { users, more: rows.length > limit };
		});
	}

	async membershipsOf(userIds: string[]): Promise<ReadonlyMap<string, Membership[]>> {
		if (userIds.length === 0) return new Map();
		const rows = await this.#ask(
			(sql) => sql<(Membership & { user_id: string })[]>`
				SELECT m.kilo_user_id AS user_id, o.id::text AS id, o.name, m.role
				FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id
				WHERE m.kilo_user_id IN ${sql(userIds)} AND o.deleted_at IS NULL ORDER BY o.name COLLATE "C", o.id`,
		);
		return byUser(rows);
	}

	/** One connection for each question: a Worker's sockets end with its request, and Hyperdrive keeps the real ones. */
	async #ask<T>(question: (sql: Sql) => Promise<T>): Promise<T> {
		const sql = postgres(this.#url, {
			...{ socket: socketTo(new URL(this.#url)) },
			max: 1,
			fetch_types: false,
			// Not prepared: the plan depends on the text, and a generic one would read the whole table.
			prepare: false,
			connect_timeout: ANSWER_MS / 1000,
			onnotice: () => {},
		});
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(
				() => reject(new Error(`The directory did not answer within ${ANSWER_MS} ms.`)),
				ANSWER_MS,
			);
		});
		try {
			return await Promise.race([question(sql), late]);
		} finally {
			clearTimeout(timer);
			sql.end({ timeout: 0 }).catch(() => {});
		}
	}
}

/**
 * Node's sockets, which Workers have: the package's own for them end with an error that nobody can catch (3.4.9). What
 * connects is on this machine's side of Hyperdrive, so that there is no TLS.
 */
const socketTo =
	({ hostname, port }: URL) =>
	(): Promise<Socket> =>
		new Promise((resolve, reject) => {
			const socket = connect(Number(port || 5432), hostname);
			socket.once("connect", () => resolve(socket.off("error", reject)));
			socket.once("error", reject);
		});

/**
 * Who is meant exactly, and everybody else who holds the text, in the order of D1. Two statements, so that the second can
 * be read in the order of its index, and end when it has enough.
 */
export function searchStatements(sql: Sql, wanted: string, limit: number): postgres.PendingQuery<Found[]>[] {
	const part = `%${wanted.replace(/[\\%_]/g, "\\$&")}%`;
	const exact = sql`(${sql.unsafe(EMAIL)} = lower(${wanted}) OR u.id = ${wanted})`;
	const select = sql`SELECT ${sql.unsafe(PERSON)},
		(SELECT COUNT(*)::int FROM organization_memberships m WHERE m.kilo_user_id = u.id) AS organisations
		FROM kilocode_users u`;
	const order = sql`ORDER BY ${sql.unsafe(EMAIL)}, u.id COLLATE "C" LIMIT ${limit}`;
	return [
		sql<Found[]>`${select} WHERE ${exact} ${order}`,
		sql<Found[]>`${select}
			WHERE (lower(u.google_user_email) LIKE lower(${part}) OR lower(u.google_user_name) LIKE lower(${part})
				OR lower(u.id) LIKE lower(${part}))
			AND NOT ${exact} ${order}`,
	];
}

const iso = (text: string): string => new Date(text).toISOString();

const userOf = (row: User): User => ({
	id: row.id,
	email: row.email,
	name: row.name,
	is_admin: row.is_admin,
	blocked_at: row.blocked_at === null ? null : iso(row.blocked_at),
	blocked_reason: row.blocked_reason,
	created_at: iso(row.created_at),
});
