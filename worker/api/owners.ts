import type { TownOwner, TownSummary, UserFound } from "../../shared/directory/index.ts";
import { directoryOf, type Membership, type User } from "../directory/index.ts";
import { logFailure } from "../log.ts";
import { ownerStub } from "../stubs.ts";

type Owner = { type: "user" | "org"; id: string };

/** Worst first; a light that is not known here counts as unknown. */
const WORST = ["critical", "warning", "unknown", "waiting", "healthy", "asleep"];
const rank = (light: string) => (WORST.includes(light) ? WORST.indexOf(light) : WORST.indexOf("unknown"));

/** Own towns first, then those of each organisation. An owner that does not answer says so; it never looks empty. */
export async function ownersOf(env: Env, user: User, memberships: Membership[]): Promise<TownOwner[]> {
	const owners: (Owner & { name: string; role: string | null })[] = [
		{ type: "user", id: user.id, name: user.name, role: null },
		...memberships.map(({ id, name, role }) => ({ type: "org" as const, id, name, role })),
	];
	return Promise.all(owners.map(async (owner) => ({ ...owner, ...(await townsOf(env, owner)) })));
}

type Towns = { towns: TownSummary[]; error: string | null };

async function townsOf(env: Env, owner: Owner): Promise<Towns> {
	try {
		return { towns: await ownerStub(env, owner).overview(), error: null };
	} catch (error) {
		logFailure("overview", { owner: `${owner.type} ${owner.id}` }, error);
		const whose = owner.type === "user" ? "this user's" : "this organisation's";
		return {
			towns: [],
			error: `The object that lists ${whose} towns did not answer. Try again in a moment.`,
		};
	}
}

/** For each person how many towns, own and of organisations, and the worst health among them; each owner is asked once. */
export async function townsOfUsers(
	env: Env,
	users: User[],
): Promise<{ count: number; health: UserFound["health"] }[]> {
	const asked = new Map<string, Promise<Towns>>();
	const once = (owner: Owner) => {
		const key = `${owner.type} ${owner.id}`;
		const answer = asked.get(key) ?? townsOf(env, owner);
		asked.set(key, answer);
		return answer;
	};
	const memberships = await directoryOf(env).membershipsOf(users.map(({ id }) => id));
	return Promise.all(
		users.map(async (user) => {
			const answers = await Promise.all([
				once({ type: "user", id: user.id }),
				...(memberships.get(user.id) ?? []).map(({ id }) => once({ type: "org", id })),
			]);
			const towns = answers.flatMap((answer) => answer.towns);
			const failed = answers.find((answer) => answer.error !== null)?.error ?? null;
			return { count: towns.length, health: worstHealth(towns, failed) };
		}),
	);
}

function worstHealth(towns: TownSummary[], failed: string | null): UserFound["health"] {
	const at = new Date().toISOString();
	const all = towns.map(
		({ summary, reason }) => summary?.health ?? { light: "unknown", reason: reason ?? "", at },
	);
	if (failed !== null) all.push({ light: "unknown", reason: failed, at });
	return all.sort((a, b) => rank(a.light) - rank(b.light))[0] ?? null;
}
