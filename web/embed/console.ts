import { userPage } from "../../shared/directory/index.ts";
import { ReadFailed, readJson } from "../http.ts";
import type { GastownPort } from "./port.ts";
import { townPath } from "./town-path.ts";

export type GetToken = () => string | Promise<string>;

/** Origin of the console that `api` names: where this module came from if it names none, null if it is no address. */
export const consoleAt = (api: string | null): string | null =>
	URL.parse(api || import.meta.url, document.baseURI)?.origin ?? null;

/** The section's way to a console of another origin. */
export function portTo(origin: string | null, userId: string, getToken: GetToken | null): GastownPort {
	return {
		read: async (_, signal) => {
			if (userId === "") throw new Error("No user is named: <gastown-section> needs user-id.");
			if (origin === null) throw new Error("The attribute api of <gastown-section> is no address.");
			const path = `${origin}/api/users/${encodeURIComponent(userId)}`;
			const identity = getToken
				? { credentials: "omit" as const, headers: { "cf-access-token": await tokenOf(getToken) } }
				: { credentials: "include" as const };
			return readJson(userPage, path, { signal, ...identity }).catch(async (error: unknown) => {
				if (error instanceof ReadFailed && error.code === "unreachable" && !signal.aborted)
					throw new Error(await whyUnread(origin, signal));
				throw error;
			});
		},
		townHref: (townId, action) => `${origin ?? ""}${townPath(townId, action)}`,
		navigate: null,
		signInHref: origin && userId ? `${origin}/users/${encodeURIComponent(userId)}` : null,
	};
}

async function tokenOf(getToken: GetToken): Promise<string> {
	try {
		const token = await getToken();
		// Of what a header may hold; what is not a token would be told as a network that is down.
		if (/^[\x21-\x7e]+$/.test(token)) return token;
	} catch (error) {
		throw new Error(
			`This page could not get a token for you: ${error instanceof Error ? error.message : String(error)}`,
		);
	}
	throw new Error("This page could not get a token for you.");
}

/** A browser does not tell a page whether it was refused or nobody answered; the worker tells everybody that it is there. */
async function whyUnread(origin: string, signal: AbortSignal): Promise<string> {
	const answers = await fetch(`${origin}/api/health`, { credentials: "omit", signal }).then(
		({ ok }) => ok,
		() => false,
	);
	return answers
		? `The console does not let pages of ${location.origin} read it: its EMBED_ORIGINS does not name them.`
		: `The console at ${origin} does not answer this page: it is down, or Cloudflare Access asks you to sign in first.`;
}
