/** A person of the directory. Times are ISO texts. */
export type User = {
	id: string;
	email: string;
	name: string;
	is_admin: boolean;
	blocked_at: string | null;
	blocked_reason: string | null;
	created_at: string;
};
export type Membership = { id: string; name: string; role: string };

/** People found, and how many organisations each belongs to. `more` where the limit cut the list. */
export type SearchResult = { users: (User & { organisations: number })[]; more: boolean };

/** A search shows so many people; more would not be read. */
export const SEARCH_LIMIT = 50;

/** Who people are, what they may, and where they belong: only read. Each method rejects when the database cannot be read. */
export interface Directory {
	/** The person with this id, or with this email in any case; null where there is none. */
	find(who: { email: string } | { id: string }): Promise<User | null>;
	/**
	 * People whose email, name or id holds `text`, in any case, exact matches first; all of them where it is empty. An outage
	 * never looks like nobody.
	 */
	search(text: string, limit?: number): Promise<SearchResult>;
	/** Organisations that each of these people belongs to, by name, in one query. Who belongs to none has no entry. */
	membershipsOf(userIds: string[]): Promise<ReadonlyMap<string, Membership[]>>;
}

/** Memberships of each person, without the person's id. */
export function byUser(rows: (Membership & { user_id: string })[]): ReadonlyMap<string, Membership[]> {
	const found = new Map<string, Membership[]>();
	for (const { user_id, ...membership } of rows)
		found.set(user_id, [...(found.get(user_id) ?? []), membership]);
	return found;
}
