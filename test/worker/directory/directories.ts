import { env } from "cloudflare:workers";
import postgres from "postgres";
import { D1Directory } from "../../../worker/directory/d1.ts";
import type { Directory } from "../../../worker/directory/directory.ts";
import { PostgresDirectory } from "../../../worker/directory/postgres.ts";
import { emptyDirectory } from "../support/directory.ts";

export type Person = {
	id: string;
	email: string;
	name: string;
	is_admin?: boolean;
	blocked_at?: string;
	blocked_reason?: string;
};
type Orgs = { id: string; name: string; members: Record<string, string> }[];

export const CREATED = "2025-01-01T00:00:00.000Z";

/** A connection of its own, which is left to the end of workerd. */
export const openAs = (role: Hyperdrive): postgres.Sql =>
	postgres(role.connectionString, { max: 1, fetch_types: false, prepare: false, onnotice: () => {} });

/** As Gastown itself writes. */
export const owner = (): postgres.Sql => openAs(env.OWNER);

/** The directories, each with the way to put people into it instead of all that were there. */
export const DIRECTORIES: [string, () => Directory, (people: Person[], orgs: Orgs) => Promise<void>][] = [
	["D1", () => new D1Directory(env.DB), fillD1],
	["Postgres", () => new PostgresDirectory((env.HYPERDRIVE as Hyperdrive).connectionString), fillPostgres],
];

async function fillD1(people: Person[], orgs: Orgs): Promise<void> {
	await emptyDirectory();
	const insert = (table: string, values: (string | number | null)[]) =>
		env.DB.prepare(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`).bind(...values);
	await env.DB.batch([
		env.DB.prepare("DELETE FROM kilocode_users"),
		...people.map(({ id, email, name, is_admin, blocked_at, blocked_reason }) =>
			insert("kilocode_users", [
				...[id, email, name, is_admin ? 1 : 0],
				...[blocked_at ?? null, blocked_reason ?? null, CREATED],
			]),
		),
		...orgs.flatMap(({ id, name, members }) => [
			insert("organizations", [id, name]),
			...Object.entries(members).map(([user, role]) => insert("organization_memberships", [user, id, role])),
		]),
	]);
}

export async function fillPostgres(people: Person[], orgs: Orgs): Promise<void> {
	const sql = owner();
	await sql`TRUNCATE kilocode_users, organizations, organization_memberships`;
	for (const { id, email, name, is_admin = false, blocked_at = null, blocked_reason = null } of people)
		await sql`INSERT INTO kilocode_users (id, google_user_email, google_user_name, is_admin, blocked_at, blocked_reason, created_at)
			VALUES (${id}, ${email}, ${name}, ${is_admin}, ${blocked_at}, ${blocked_reason}, ${CREATED})`;
	for (const { id, name, members } of orgs) {
		await sql`INSERT INTO organizations (id, name) VALUES (${id}, ${name})`;
		for (const [user, role] of Object.entries(members))
			await sql`INSERT INTO organization_memberships (organization_id, kilo_user_id, role) VALUES (${id}, ${user}, ${role})`;
	}
}
