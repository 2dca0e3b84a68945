import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { searchStatements } from "../../../worker/directory/postgres.ts";
import { openAs, owner } from "./directories.ts";

/** Enough that an index is worth its while; how long a million takes is measured by `npm run bench`. */
const PEOPLE = 30_000;

beforeAll(async () => {
	const sql = owner();
	await sql`TRUNCATE kilocode_users, organizations, organization_memberships`;
	await sql`INSERT INTO kilocode_users (id, google_user_email, google_user_name)
		SELECT 'oauth/google:' || md5(n::text), 'person.' || n || '@' || md5((n % 500)::text) || '.test',
			initcap(translate(md5((n * 7)::text), '0123456789', 'ghijklmnop')) || ' ' || n
		FROM generate_series(1, ${PEOPLE}::int) n`;
	// As autovacuum does: what was just inserted waits in a list of the index that is read in full.
	await sql`VACUUM ANALYZE kilocode_users`;
});

/** How Postgres does it for the role that the console has: what it knows of a text depends on the rights of who asks. */
const plan = async (n: 0 | 1, text: string): Promise<string> => {
	const sql = openAs(env.HYPERDRIVE as Hyperdrive);
	const statement = searchStatements(sql, text, 26)[n] as ReturnType<typeof searchStatements>[0];
	const rows = await sql`EXPLAIN ${statement}`;
	return rows.map((row) => row["QUERY PLAN"]).join("\n");
};

test.each([
	["a whole email", "person.12345@d41d8cd98f00b204.test"],
	["an id", "oauth/google:827ccb0eea8a706c4c34a16891f84e7b"],
])("DIRECTORY-4: %s is found by an index", async (_, text) => {
	expect(await plan(0, text)).toMatch(/Index/);
	expect(await plan(0, text)).not.toMatch(/Seq Scan on kilocode_users/);
});

test("DIRECTORY-4: what nearly everybody holds is read in the order of an index, until there are enough", async () => {
	expect(await plan(1, "person")).toMatch(/Index Scan using kilocode_users_for_townwatch/);
});

test.each([
	["the beginning of an email", "person.1234"],
	["the middle of an email", "n.1234@"],
	["the beginning of an id", "oauth/google:827cc"],
	["part of an id", "eea8a706c"],
	["the beginning of a name", "Jhlk"],
	["part of a name", "nkag 2"],
	["nothing", ""],
])("DIRECTORY-4: %s is looked for by an index, without a read of the whole table", async (_, text) => {
	const words = await plan(1, text);
	expect(words).toMatch(/kilocode_users_(by_part|for_townwatch)/);
	expect(words).not.toMatch(/Seq Scan on kilocode_users/);
});

test("DIRECTORY-4: who signs in is found by an index", async () => {
	const sql = openAs(env.HYPERDRIVE as Hyperdrive);
	const rows = await sql`EXPLAIN SELECT u.id FROM kilocode_users u
		WHERE lower(u.google_user_email) COLLATE "C" = lower('person.77@x.test')`;
	expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/kilocode_users_for_townwatch/);
});
