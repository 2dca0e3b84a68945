import { queryOptions } from "@tanstack/react-query";
import { me, platformLinks, userPage, userSearch } from "../../shared/directory/index.ts";
import { readJson } from "../http.ts";
import { becomePerson } from "../settings/person.ts";

/** Who is signed in. Fails with status 401 and `signInUrl`, or 403 with the reason. */
export const meRead = queryOptions({
	queryKey: ["me"],
	queryFn: async ({ signal }) => {
		const who = await readJson(me, "/api/me", { signal });
		becomePerson(who.id);
		return who;
	},
	staleTime: 60_000,
});

/** People whose id, email or name contains `q`. The time it took is the reader's, in milliseconds. */
export const usersRead = (q: string) =>
	queryOptions({
		queryKey: ["users", q],
		queryFn: async ({ signal }) => {
			const started = performance.now();
			const found = await readJson(userSearch, `/api/users?q=${encodeURIComponent(q)}`, { signal });
			return { ...found, ms: performance.now() - started };
		},
		enabled: q.trim() !== "",
		staleTime: 5_000,
	});

/** Cloudflare's own pages of a town; a server that does not answer offers none, which hides nothing of the town. */
export const platformRead = (town: string) =>
	queryOptions({
		queryKey: ["platform", town],
		queryFn: async ({ signal }) =>
			(await readJson(platformLinks, `/api/towns/${encodeURIComponent(town)}/platform-links`, { signal }))
				.links,
		staleTime: Number.POSITIVE_INFINITY,
	});

/** Key of a town's name, known from its owner's page before the town is opened. */
export const townNameKey = (id: string) => ["town-name", id] as const;

/** The name of a town's owner; its id is shown until it is known. */
export const ownerRead = (id: string | null) =>
	queryOptions({
		queryKey: ["owner", id],
		queryFn: async ({ signal }) =>
			(await readJson(userPage, `/api/users/${encodeURIComponent(id ?? "")}`, { signal })).user.name,
		enabled: id !== null,
		staleTime: 600_000,
	});
