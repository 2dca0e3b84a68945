import { createMiddleware } from "hono/factory";
import { problem } from "../api/problem.ts";

/**
 * True when the page that sent this request may: the worker's own origin, or one on the comma separated list. A request
 * without Origin is refused (SEC-2): browsers send it with every socket and every mutating call.
 */
export function originAllowed(request: Request, list: string): boolean {
	const origin = request.headers.get("Origin");
	if (!origin || origin === "null") return false;
	if (origin === new URL(request.url).origin) return true;
	return originsIn(list).includes(origin);
}

/** The origins of a comma separated list; what is none (a path behind it, `*`, `null`) allows nobody. */
export const originsIn = (list: string): string[] =>
	list
		.split(",")
		.map((item) => item.trim())
		.filter((item) => URL.parse(item)?.origin === item);

/** Words for a refused Origin, the same by HTTP and by socket. */
export const originMessage = (request: Request): string => {
	const origin = request.headers.get("Origin");
	return origin
		? `Pages from ${origin.slice(0, 200)} may not use this console.`
		: "The request names no Origin, so it does not come from a page of this console.";
};

/** Refuses mutating requests of foreign pages. */
export const requireOrigin = createMiddleware<{ Bindings: Env }>(async (c, next) => {
	if (c.req.method === "GET" || c.req.method === "HEAD" || c.req.method === "OPTIONS") return next();
	if (originAllowed(c.req.raw, c.env.ALLOWED_ORIGINS)) return next();
	return problem(c, 403, "bad_origin", originMessage(c.req.raw));
});
