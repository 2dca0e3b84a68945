import { type Context, Hono } from "hono";
import { requireOrigin } from "../auth/origin.ts";
import { type AdminVariables, requireAdmin } from "../auth/require-admin.ts";
import { logFailure } from "../log.ts";
import { problem } from "./problem.ts";

/** URL of the local world, which breaks towns for practice; null where there is none, as on Cloudflare. */
export function drillsUrl(env: Pick<Env, "ENVIRONMENT" | "CONTAINER_PLATFORM_URL">): string | null {
	if (String(env.ENVIRONMENT) === "production" || !/^http:/.test(env.CONTAINER_PLATFORM_URL)) return null;
	return new URL("/drills", env.CONTAINER_PLATFORM_URL).href;
}

type C = Context<{ Bindings: Env; Variables: AdminVariables }>;

async function pass(c: C, path: string): Promise<Response> {
	const base = drillsUrl(c.env);
	if (base === null)
		return problem(c, 404, "no_drills", "Towns are broken for practice in development only.");
	const answer = await fetch(base + path, { method: c.req.method }).catch((error: unknown) => {
		logFailure("drills", { path }, error);
		return null;
	});
	if (!answer) return problem(c, 503, "local_world_unavailable", "The local world does not answer.");
	return new Response(answer.body, {
		status: answer.status,
		headers: { "content-type": "application/json" },
	});
}
const part = (text: string): string => encodeURIComponent(text);

/** `/api/drills`: what the local world can break, one begun, how far it has come, its outer cause taken away, its end. */
export const drillRoutes = new Hono<{ Bindings: Env; Variables: AdminVariables }>()
	.get("/api/drills", requireAdmin, (c) => pass(c, ""))
	.post("/api/drills/:code", requireOrigin, requireAdmin, (c) => pass(c, `/${part(c.req.param("code"))}`))
	.get("/api/drills/runs/:town", requireAdmin, (c) => pass(c, `/runs/${part(c.req.param("town"))}`))
	.post("/api/drills/runs/:town/:act{mend|end}", requireOrigin, requireAdmin, (c) =>
		pass(c, `/runs/${part(c.req.param("town"))}/${c.req.param("act")}`),
	);
