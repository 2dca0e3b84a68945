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

type Stored = Omit<User, "is_admin"> & { is_admin: number };
export const userOf = (row: Stored): User => ({ ...row, is_admin: row.is_admin === 1 });

/** The person with this id, or with this email in any case; null where there is none. Rejects when D1 cannot be read. */
export async function findUser(
	db: D1Database,
	who: { email: string } | { id: string },
): Promise<User | null> {
	const statement =
		"id" in who
			? db.prepare("SELECT * FROM kilocode_users WHERE id = ?").bind(who.id)
			: db.prepare("SELECT * FROM kilocode_users WHERE lower(email) = lower(?)").bind(who.email);
	const row = await statement.first<Stored>();
	return row && userOf(row);
}

/** Organisations that each of these people belongs to, by name, in one query. Who belongs to none has no entry. */
export async function membershipsOf(
	db: D1Database,
	userIds: string[],
): Promise<ReadonlyMap<string, Membership[]>> {
	const { results } = await db
		.prepare(
			`SELECT m.user_id, o.id, o.name, m.role
			 FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id
			 WHERE m.user_id IN (SELECT value FROM json_each(?)) ORDER BY o.name, o.id`,
		)
		.bind(JSON.stringify(userIds))
		.all<Membership & { user_id: string }>();
	return Map.groupBy(results, ({ user_id }) => user_id);
}
