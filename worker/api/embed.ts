import type { Context } from "hono";
import { cors } from "hono/cors";
import { originsIn } from "../auth/origin.ts";
import { TOKEN_HEADER } from "../auth/require-admin.ts";

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
