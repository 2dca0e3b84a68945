import { type User, userOf } from "./users.ts";

/** A search shows so many people; more would not be read. */
const SEARCH_LIMIT = 50;

/** People found, and how many organisations each belongs to. `more` where the limit cut the list. */
export type SearchResult = { users: (User & { organisations: number })[]; more: boolean };

/** SQLite lowers only ASCII: each further capital that the text could mean is lowered by its own `replace`. */
const LETTERS = 20;

/**
 * People whose email, name or id holds `text`, in any case, exact matches first; all of them where it is empty. Rejects when
 * D1 cannot be read, so that an outage never looks like nobody.
 */
export async function searchUsers(db: D1Database, text: string, limit = SEARCH_LIMIT): Promise<SearchResult> {
	const wanted = text.trim().normalize("NFC");
	const low = wanted.toLowerCase();
	const capitals = [...new Set(low)]
		.filter((letter) => letter > "\x7f" && letter.toUpperCase() !== letter)
		.slice(0, LETTERS);
	const lowered = (column: string) =>
		capitals.reduce((sql, _, n) => `replace(${sql}, ?${n * 2 + 4}, ?${n * 2 + 5})`, `lower(${column})`);
	// No LIKE: D1 takes patterns of at most 50 bytes.
	const found = await db
		.prepare(
			`SELECT u.*, (SELECT COUNT(*) FROM organization_memberships m WHERE m.user_id = u.id) AS organisations
			 FROM kilocode_users u
			 WHERE ${["u.email", "u.name", "u.id"].map((column) => `instr(${lowered(column)}, ?1) > 0`).join(" OR ")}
			 ORDER BY (lower(u.email) = lower(?2) OR u.id = ?2) DESC, lower(u.email), u.id LIMIT ?3`,
		)
		.bind(low, wanted, limit + 1, ...capitals.flatMap((letter) => [letter.toUpperCase(), letter]))
		.all<Parameters<typeof userOf>[0] & { organisations: number }>();
	const users = found.results
		.slice(0, limit)
		.map((row) => ({ ...userOf(row), organisations: row.organisations }));
	return { users, more: found.results.length > limit };
}
