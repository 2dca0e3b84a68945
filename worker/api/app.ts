import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { inRequest, logFailure } from "../log.ts";
import { authRoutes } from "./auth.ts";
import { drillRoutes } from "./drills.ts";
import { embedRoutes, readableByAll, readableByEmbeds } from "./embed.ts";
import { ingestRoutes } from "./ingest.ts";
import { ledgerRoutes } from "./ledger.ts";
import { pageRoutes } from "./pages.ts";
import { platformLinkRoutes } from "./platform-links.ts";
import { problem } from "./problem.ts";
import { ticketRoutes } from "./tickets.ts";
import { userRoutes } from "./users.ts";

/** The worker's HTTP face; each feature registers its routes in a file of its own. */
export const app = new Hono<{ Bindings: Env }>();

app.use("/api/*", requestId());
app.use("/api/*", (c, next) => inRequest(c.get("requestId") ?? "", next));
// Answers of the API are data: nothing in them may be run, embedded or guessed at (SEC-5). The page has its own in pages.ts.
app.use("/api/*", (c, next) =>
	secureHeaders({
		contentSecurityPolicy: {
			defaultSrc: ["'none'"],
			baseUri: ["'none'"],
			formAction: ["'none'"],
			frameAncestors: (c.env.FRAME_ANCESTORS || "'none'").split(/\s+/),
		},
		crossOriginResourcePolicy: "same-origin",
		referrerPolicy: "no-referrer",
		xFrameOptions: false,
	})(c, next),
);
app.use("/api/*", async (c, next) => {
	await next();
	c.header("Cache-Control", "no-store");
});
app.use("/api/health", readableByAll);
app.use("/api/users/:id", readableByEmbeds);

app.get("/api/health", (c) => c.json({ ok: true }));
app
	.route("/", authRoutes)
	.route("/", ticketRoutes)
	.route("/", userRoutes)
	.route("/", ledgerRoutes)
	.route("/", drillRoutes)
	.route("/", platformLinkRoutes)
	.route("/", ingestRoutes)
	.route("/", embedRoutes)
	.route("/", pageRoutes);

app.notFound((c) => problem(c, 404, "not_found", `There is no ${c.req.method} ${c.req.path}.`));
app.onError((error, c) => {
	logFailure("unhandled", { method: c.req.method, path: c.req.path }, error);
	return problem(c, 500, "internal", "Something went wrong here. Quote the request id.");
});
