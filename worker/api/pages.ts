import { Hono } from "hono";

/**
 * The page: every address that is not the API's. It may run only its own scripts, talk only to its own origin, and stand
 * only in frames of FRAME_ANCESTORS (SEC-5). Styles may be inline: measured rows are placed by them.
 */
export const pageRoutes = new Hono<{ Bindings: Env }>().get("*", async (c, next) => {
	if (/^\/(api|ws)(\/|$)/.test(c.req.path)) return next();
	// Always asked for as `/`: the asset server would send an address with an encoded `/`, as in a user's id, elsewhere.
	const asset = await c.env.ASSETS.fetch(new Request(new URL("/", c.req.url), c.req.raw));
	return guarded(asset, c.env.FRAME_ANCESTORS);
});

/** The page with its policy; `frameAncestors` as CSP writes it. */
export function guarded(answer: Response, frameAncestors: string): Response {
	const page = new Response(answer.body, answer);
	page.headers.set("Content-Security-Policy", pagePolicy(frameAncestors));
	page.headers.set("X-Content-Type-Options", "nosniff");
	page.headers.set("Referrer-Policy", "no-referrer");
	page.headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
	return page;
}

/** `frameAncestors` is a list as CSP writes it, e.g. `'none'` or `https://admin.example`. */
const pagePolicy = (frameAncestors: string): string =>
	[
		"default-src 'none'",
		"script-src 'self'",
		"worker-src 'self'",
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:",
		"font-src 'self' data:",
		"connect-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		`frame-ancestors ${frameAncestors || "'none'"}`,
	].join("; ");
