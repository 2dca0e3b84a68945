import { Hono } from "hono";
import { authRoutes } from "./auth.ts";
import { ticketRoutes } from "./tickets.ts";

/** The worker's HTTP face; each feature registers its routes in a file of its own. */
export const app = new Hono<{ Bindings: Env }>();

app.get("/api/health", (c) => c.json({ ok: true }));
app.route("/", authRoutes).route("/", ticketRoutes);
