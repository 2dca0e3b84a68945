import { Hono } from "hono";
import type { PlatformLinks } from "../../shared/directory/index.ts";
import { type AdminVariables, requireAdmin } from "../auth/require-admin.ts";
import { isId } from "../auth/valid-id.ts";
import { problem } from "./problem.ts";

const DASHBOARD = "https://dash.cloudflare.com";

/** What the account is called in Cloudflare's dashboard; a setting that is empty makes no link. */
type Account = Pick<
	Env,
	| "CLOUDFLARE_ACCOUNT_ID"
	| "CLOUDFLARE_WORKER"
	| "CLOUDFLARE_CONTAINER_APP"
	| "CLOUDFLARE_TOWN_DO_NAMESPACE_ID"
	| "CLOUDFLARE_CONTAINER_DO_NAMESPACE_ID"
>;

/** The dashboard's pages of a town, by the hex ids of its Durable Objects (addresses as Gastown's own admin page has them). */
export function platformLinks(account: Account, ids: { town: string; container: string }): PlatformLinks {
	const base = `${DASHBOARD}/${encodeURIComponent(account.CLOUDFLARE_ACCOUNT_ID)}/workers`;
	const link = (label: string, needs: string, path: string) =>
		account.CLOUDFLARE_ACCOUNT_ID && needs ? [{ label, url: `${base}/${path}` }] : [];
	const [worker, app, towns, containers] = [
		account.CLOUDFLARE_WORKER,
		account.CLOUDFLARE_CONTAINER_APP,
		account.CLOUDFLARE_TOWN_DO_NAMESPACE_ID,
		account.CLOUDFLARE_CONTAINER_DO_NAMESPACE_ID,
	].map(encodeURIComponent) as [string, string, string, string];
	return {
		links: [
			...link("Worker logs", worker, `services/view/${worker}/production/observability/logs`),
			...link("Town object, logs", towns, `durable-objects/view/${towns}/${ids.town}/logs`),
			...link("Container instance", app, `containers/${app}/instances/${ids.container}`),
			...link(
				"Container object, logs",
				containers,
				`durable-objects/view/${containers}/${ids.container}/logs`,
			),
		],
	};
}

/** `GET /api/towns/:townId/platform-links`. */
export const platformLinkRoutes = new Hono<{ Bindings: Env; Variables: AdminVariables }>().get(
	"/api/towns/:townId/platform-links",
	requireAdmin,
	(c) => {
		const town = c.req.param("townId");
		if (!isId(town)) return problem(c, 400, "bad_town_id", "This is not the id of a town.");
		const ids = {
			town: c.env.TOWN.idFromName(town).toString(),
			container: c.env.TOWN_CONTAINER.idFromName(town).toString(),
		};
		return c.json(platformLinks(c.env, ids));
	},
);
