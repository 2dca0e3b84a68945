import { Hono } from "hono";
import type { Me } from "../../shared/directory/index.ts";
import { type AdminVariables, requireAdmin } from "../auth/require-admin.ts";
import { drillsUrl } from "./drills.ts";

/** `GET /api/me`: the admin who is signed in; its refusals say where to sign in, or why not. */
export const authRoutes = new Hono<{ Bindings: Env; Variables: AdminVariables }>().get(
	"/api/me",
	requireAdmin,
	(c) => c.json({ ...c.var.admin, drills: drillsUrl(c.env) !== null } satisfies Me),
);
