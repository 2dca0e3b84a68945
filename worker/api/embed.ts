import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { html } from "hono/html";
import { originsIn } from "../auth/origin.ts";
import { TOKEN_HEADER } from "../auth/require-admin.ts";
import { guarded } from "./pages.ts";

/**
 * Lets pages of EMBED_ORIGINS read what is behind it, with a token of theirs or with the reader's own cookie (EMBED-1). It lets
 * them do nothing else: they open no socket and change nothing, for which ALLOWED_ORIGINS is asked.
 */
export const readableByEmbeds = cors({
	origin: (origin, c: Context<{ Bindings: Env }>) =>
		originsIn(c.env.EMBED_ORIGINS).includes(origin) ? origin : null,
	allowMethods: ["GET"],
	allowHeaders: ["Accept", TOKEN_HEADER],
	exposeHeaders: ["X-Request-Id"],
	credentials: true,
	maxAge: 600,
});

/** Any page may ask whether the worker answers: so that one that is refused can tell this from a network that is down. */
export const readableByAll = cors({ origin: "*", allowMethods: ["GET"] });

/**
 * `GET /embed/users/:id?theme=`: the section alone, for a frame in a page that runs no foreign module (EMBED-2). It is no page
 * of the console, so that who may frame it cannot lead it on to the buttons of a town.
 */
export const embedRoutes = new Hono<{ Bindings: Env }>().get("/embed/users/:id", async (c) => {
	const theme = c.req.query("theme") ?? "";
	const page = await c.html(html`<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8" />
		<meta name="viewport" content="width=device-width, initial-scale=1" />
		<meta name="color-scheme" content="${["light", "dark"].includes(theme) ? theme : "light dark"}" />
		<link rel="icon" type="image/svg+xml" href="/favicon/well.svg" />
		<title>Gastown</title>
		<style>
			body { margin: 0; font-family: system-ui, sans-serif; }
		</style>
		<script type="module" src="/embed/gastown-section.js"></script>
	</head>
	<body>
		<main><gastown-section user-id="${c.req.param("id")}"></gastown-section></main>
	</body>
</html>`);
	return guarded(page, framesOf(c.env));
});

/** Who may frame the whole page may frame a part of it, and so may who may read it. */
function framesOf(env: Pick<Env, "FRAME_ANCESTORS" | "EMBED_ORIGINS">): string {
	const embeds = originsIn(env.EMBED_ORIGINS);
	const pages = env.FRAME_ANCESTORS.split(/\s+/).filter((source) => source !== "" && source !== "'none'");
	return [...pages, ...embeds].join(" ");
}
