import type { Directory } from "../directory/index.ts";

/** An admin as tickets, viewers and ledger entries name one. */
export type Admin = { id: string; email: string; name: string };

type RightsRefusal = {
	ok: false;
	code: "unknown_user" | "not_admin" | "blocked";
	message: string;
	/** Null for somebody whom the directory does not know: only known people get entries (LEDGER-11). */
	admin: Admin | null;
};
export type Rights = { ok: true; admin: Admin } | RightsRefusal;

/** What the directory says a person may: only admins who are not blocked (SEC-1). Rejects when the directory cannot be read. */
export async function rightsOf(
	directory: Directory,
	who: { email: string } | { id: string },
): Promise<Rights> {
	const user = await directory.find(who);
	if (!user)
		return refuse(
			"unknown_user",
			`${"email" in who ? who.email : who.id} is not in the user directory.`,
			null,
		);
	const admin = { id: user.id, email: user.email, name: user.name };
	if (user.blocked_at !== null) return refuse("blocked", `The account ${user.email} is blocked.`, admin);
	if (!user.is_admin)
		return refuse(
			"not_admin",
			`${user.email} is not an admin. Ask an owner of the console for access.`,
			admin,
		);
	return { ok: true, admin };
}

const refuse = (code: RightsRefusal["code"], message: string, admin: Admin | null): RightsRefusal => ({
	ok: false,
	code,
	message,
	admin,
});
