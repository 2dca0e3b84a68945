/** Who there is in the demo: those who may sign in, and those whose towns are watched. Ids hold `/` and `:`, as real ones do. */
export type Person = {
	id: string;
	email: string;
	name: string;
	is_admin: boolean;
	blocked_at: string | null;
	/** What the sign-in page says of them; null for those who do not sign in there. */
	signIn: string | null;
};

export const OLIVE = "oauth/google:110248495921238986420";
export const PRIYA = "oauth/github:7781920";
/** Whose towns are broken for practice. */
export const PRACTICE = "oauth/github:4040404";

export const PEOPLE: Person[] = [
	{
		id: "oauth/google:117403958211604471",
		email: "ada@townwatch.example",
		name: "Ada Berg",
		is_admin: true,
		blocked_at: null,
		signIn: "Admin, on call",
	},
	{
		id: "oauth/google:117403958211604472",
		email: "noah@townwatch.example",
		name: "Noah Lind",
		is_admin: true,
		blocked_at: null,
		signIn: "Admin, a second one to watch with",
	},
	{
		id: "oauth/github:5550143",
		email: "ines@townwatch.example",
		name: "Ines Costa",
		is_admin: true,
		blocked_at: "2026-11-02T09:00:00.000Z",
		signIn: "Admin whose account is blocked: is refused",
	},
	{
		id: OLIVE,
		email: "olive@harbor.example",
		name: "Olive Park",
		is_admin: false,
		blocked_at: null,
		signIn: "A customer, no admin: is refused",
	},
	{
		id: PRACTICE,
		email: "practice@townwatch.example",
		name: "Practice Towns",
		is_admin: false,
		blocked_at: null,
		signIn: null,
	},
	{
		id: PRIYA,
		email: "priya@meadow.example",
		name: "Priya Raman",
		is_admin: false,
		blocked_at: null,
		signIn: null,
	},
];

export const ORGANISATION = { id: "org_northwind", name: "Northwind Robotics" };

const MEMBERS = [
	{ user: OLIVE, role: "owner" },
	{ user: PRIYA, role: "member" },
];

/** SQL that puts everybody into the directory; may be repeated, and leaves changed rows as they are. */
export function demoPeople(more: readonly Person[] = []): string[] {
	return [
		...[...PEOPLE, ...more].map((person) =>
			insert("kilocode_users", {
				...{ id: person.id, email: person.email, name: person.name, is_admin: person.is_admin ? 1 : 0 },
				...{ blocked_at: person.blocked_at, created_at: "2026-02-14T10:00:00.000Z" },
			}),
		),
		insert("organizations", ORGANISATION),
		...MEMBERS.map(({ user, role }) =>
			insert("organization_memberships", { user_id: user, organization_id: ORGANISATION.id, role }),
		),
	];
}

function insert(table: string, row: Record<string, string | number | null>): string {
	const literal = (value: string | number | null) =>
		typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value ?? "NULL");
	return `INSERT OR IGNORE INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(literal).join(", ")})`;
}
