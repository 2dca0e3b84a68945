import type { GitPlace } from "../../../shared/gastown/index.ts";

const TIMEOUT_MS = 10_000;
/** Repositories that are looked at: more than one is too many already. */
const LOOKED_AT = 100;

/** What the forge says of a token before it is used; a refusal is in words that may be shown. */
export type TokenCheck =
	| { ok: true; expires_at: string | null }
	| { ok: false; code: string; message: string };

type Answer = { status: number; body: unknown; headers: Headers };

const no = (code: string, message: string): TokenCheck => ({ ok: false, code, message });

/**
 * Asks the forge whose a token is, what it reaches and when it ends. It is good where it may push to this repository, reaches no
 * other, and is not the admin's own. What cannot be found out is refused.
 */
export async function checkToken(
	{ token, place, admin }: { token: string; place: GitPlace; admin: { id: string; email: string | null } },
	send: typeof fetch,
): Promise<TokenCheck> {
	const full = `${place.owner}/${place.name}`;
	const ask = async (path: string): Promise<Answer> => {
		const response = await send(`${place.apiBase}${path}`, {
			headers: { authorization: `Bearer ${token}`, "user-agent": "townwatch" },
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		return {
			status: response.status,
			body: await response.json().catch(() => null),
			headers: response.headers,
		};
	};
	try {
		const own = await ask(`/repos/${full}`);
		if (own.status === 401)
			return no("bad-token", "The forge does not know this token: it was revoked, or has ended.");
		if (own.status >= 500 || own.status === 429 || own.headers.get("x-ratelimit-remaining") === "0")
			return no("forge-down", `The forge answered ${own.status}: it says nothing of the token now.`);
		if (own.status !== 200)
			return no("bad-token", `The forge answered ${own.status}: the token does not reach ${full}.`);
		const repository = own.body as (Repository & { permissions?: { push?: boolean } }) | null;
		// A repository that was renamed is reached by its old name, and told by its new one.
		const here: Repository = { id: repository?.id, full_name: repository?.full_name ?? full };
		if (repository?.permissions?.push !== true)
			return no("no-push", `The token may read ${full} but not push to it.`);
		const expires_at = endIn(own.headers.get("github-authentication-token-expiration"));
		const installation = await ask(`/installation/repositories?per_page=${LOOKED_AT}`);
		if (installation.status === 200) {
			const said = installation.body as { repositories?: unknown } | null;
			return onlyThis(said?.repositories, here) ?? { ok: true, expires_at };
		}
		const user = await ask("/user");
		if (user.status !== 200)
			return no("unknown-owner", `The forge does not say whose the token is: it answered ${user.status}.`);
		const owner = user.body as { id?: unknown; email?: unknown } | null;
		const email = typeof owner?.email === "string" ? owner.email.toLowerCase() : null;
		const github = /(?:^|[/:])github:(\d+)$/.exec(admin.id)?.[1] ?? null;
		if (github === String(owner?.id) || (email && email === admin.email?.toLowerCase()))
			return no("own-token", "This is your own token. A town never gets an admin's.");
		if (github === null && (email === null || admin.email === null))
			return no(
				"unknown-owner",
				"It cannot be told that this is not your own token: the forge gives no address of whose it is. Take an installation's token.",
			);
		// A classic token reaches every repository of its owner.
		if (/\brepo\b/.test(user.headers.get("x-oauth-scopes") ?? ""))
			return no("too-wide", "The token reaches every repository of its owner, not only this rig's.");
		const reached = await ask(`/user/repos?per_page=${LOOKED_AT}`);
		if (reached.status !== 200)
			return no(
				"unknown-scope",
				`The forge does not say what the token reaches: it answered ${reached.status}.`,
			);
		return onlyThis(reached.body, here) ?? { ok: true, expires_at };
	} catch (error) {
		const late = error instanceof DOMException && error.name === "TimeoutError";
		return no(
			"forge-down",
			late ? `The forge did not answer within ${TIMEOUT_MS / 1_000} s.` : "The forge could not be reached.",
		);
	}
}

type Repository = { id?: unknown; full_name?: string };

const isSame = (one: Repository | null, other: Repository): boolean =>
	one !== null &&
	(one.id !== undefined && other.id !== undefined
		? one.id === other.id
		: one.full_name?.toLowerCase() === other.full_name?.toLowerCase());

function onlyThis(repositories: unknown, here: Repository): TokenCheck | null {
	if (!Array.isArray(repositories))
		return no("unknown-scope", "The forge does not say what the token reaches.");
	const others = repositories.filter((one) => !isSame(one as Repository | null, here)).length;
	const many = repositories.length >= LOOKED_AT ? " or more" : "";
	return others === 0
		? null
		: no(
				"too-wide",
				`The token reaches ${others}${many} other ${others === 1 ? "repository" : "repositories"} than this rig's.`,
			);
}

/** GitHub writes `2026-12-01 10:00:00 UTC`. */
function endIn(header: string | null): string | null {
	const at = header === null ? Number.NaN : Date.parse(header.replace(" UTC", "Z").replace(" ", "T"));
	return Number.isNaN(at) ? null : new Date(at).toISOString();
}
