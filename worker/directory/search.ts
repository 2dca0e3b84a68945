import { anyCase } from "./any-case.ts";
import { type User, userOf } from "./users.ts";

/** A search shows so many people; more would not be read. */
const SEARCH_LIMIT = 50;

/** People found, and how many organisations each belongs to. `more` where the limit cut the list. */
export type SearchResult = { users: (User & { organisations: number })[]; more: boolean };

/**
 * People whose email, name or id holds `text`, in any case, exact matches first; all of them where it is empty. Rejects when
 * D1 cannot be read, so that an outage never looks like nobody.
 */
export async function searchUsers(db: D1Database, text: string, limit = SEARCH_LIMIT): Promise<SearchResult> {
	const wanted = text.trim().normalize("NFC");
	const { values, holds } = anyCase(wanted);
	const found = await db
		.prepare(
			`SELECT u.*, (SELECT COUNT(*) FROM organization_memberships m WHERE m.user_id = u.id) AS organisations
			 FROM kilocode_users u
			 WHERE ${["u.email", "u.name", "u.id"].map((column) => holds(column, 3)).join(" OR ")}
			 ORDER BY (lower(u.email) = lower(?1) OR u.id = ?1) DESC, lower(u.email), u.id LIMIT ?2`,
		)
		.bind(wanted, limit + 1, ...values)
		.all<Parameters<typeof userOf>[0] & { organisations: number }>();
	const users = found.results
		.slice(0, limit)
		.map((row) => ({ ...userOf(row), organisations: row.organisations }));
	return { users, more: found.results.length > limit };
}
