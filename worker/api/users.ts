import { Hono } from "hono";
import type { z } from "zod";
import type { UserFound, UserPage, userSearch } from "../../shared/directory/index.ts";
import { type AdminVariables, requireAdmin } from "../auth/require-admin.ts";
import { directoryOf } from "../directory/index.ts";
import { ownersOf, townsOfUsers } from "./owners.ts";
import { problem } from "./problem.ts";

/** People found at once; each costs a read of the objects that own their towns. */
const FOUND = 25;
const QUERY_CHARACTERS = 200;

/**
 * `GET /api/users?q=` finds people by part of email, name or id; `GET /api/users/:id` is one person with own and
 * organisations' towns. The id is one URL-encoded part: it may hold `/` and `:`.
 */
export const userRoutes = new Hono<{ Bindings: Env; Variables: AdminVariables }>()
	.get("/api/users", requireAdmin, async (c) => {
		const text = c.req.query("q") ?? "";
		if (text.length > QUERY_CHARACTERS)
			return problem(c, 422, "bad_query", `q: at most ${QUERY_CHARACTERS} characters.`);
		const found = await directoryOf(c.env).search(text, FOUND);
		const towns = await townsOfUsers(c.env, found.users);
		const users = found.users.map(
			({ id, email, name, is_admin, blocked_at, organisations }, n): UserFound => ({
				...{ id, email, name, is_admin, blocked_at, organisations },
				towns: towns[n]?.count ?? 0,
				health: towns[n]?.health ?? null,
			}),
		);
		return c.json({ users, more: found.more } satisfies z.infer<typeof userSearch>);
	})
	.get("/api/users/:id", requireAdmin, async (c) => {
		const id = c.req.param("id");
		const directory = directoryOf(c.env);
		const user = await directory.find({ id });
		if (!user) return problem(c, 404, "no_such_user", `There is no user ${id} in the directory.`);
		const { email, name, is_admin, blocked_at, created_at } = user;
		const memberships = (await directory.membershipsOf([id])).get(id) ?? [];
		const page: UserPage = {
			user: { id, email, name, is_admin, blocked_at, created_at },
			owners: await ownersOf(c.env, user, memberships),
			at: new Date().toISOString(),
		};
		return c.json(page);
	});
