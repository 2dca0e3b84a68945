import { Hono } from "hono";

/** The worker's HTTP face; each feature registers its routes in a file of its own. */
export const app = new Hono<{ Bindings: Env }>();

app.get("/api/health", (c) => c.json({ ok: true }));
