import { type User, userOf } from "./users.ts";

/** A search shows so many people; more would not be read. */
const SEARCH_LIMIT = 50;

/** People found, and how many organisations each belongs to. `more` where the limit cut the list. */
export type SearchResult = { users: (User & { organisations: number })[]; more: boolean };

/** `text` as part of a LIKE, its own wildcards taken as they stand. Goes with `ESCAPE '\'`. */
const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/**
 * People whose email, name or id holds `text`, in any case, exact matches first; all of them where it is empty. Rejects when
 * D1 cannot be read, so that an outage never looks like nobody.
 */
export async function searchUsers(db: D1Database, text: string, limit = SEARCH_LIMIT): Promise<SearchResult> {
	const wanted = text.trim();
	const found = await db
		.prepare(
			`SELECT u.*, (SELECT COUNT(*) FROM organization_memberships m WHERE m.user_id = u.id) AS organisations
			 FROM kilocode_users u
			 WHERE u.email LIKE ?1 ESCAPE '\\' OR u.name LIKE ?1 ESCAPE '\\' OR u.id LIKE ?1 ESCAPE '\\'
			 ORDER BY (lower(u.email) = lower(?2) OR u.id = ?2) DESC, lower(u.email), u.id LIMIT ?3`,
		)
		.bind(likePattern(wanted), wanted, limit + 1)
		.all<Parameters<typeof userOf>[0] & { organisations: number }>();
	const users = found.results
		.slice(0, limit)
		.map((row) => ({ ...userOf(row), organisations: row.organisations }));
	return { users, more: found.results.length > limit };
}
