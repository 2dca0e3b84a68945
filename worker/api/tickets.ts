import { Hono } from "hono";
import type { z } from "zod";
import type { ticket } from "../../shared/directory/index.ts";
import { CLOSE } from "../../shared/protocol/index.ts";
import { closedSocket } from "../auth/closed-socket.ts";
import { originAllowed, originMessage, requireOrigin } from "../auth/origin.ts";
import { type AdminVariables, requireAdmin } from "../auth/require-admin.ts";
import { checkTicket, signTicket } from "../auth/ticket.ts";
import { isId } from "../auth/valid-id.ts";
import { logFailure } from "../log.ts";
import { townStub } from "../stubs.ts";
import { problem } from "./problem.ts";

/** `POST /api/towns/:townId/ticket` and the socket that it opens, `GET /ws/towns/:townId?ticket=…` (SEC-2). */
export const ticketRoutes = new Hono<{ Bindings: Env; Variables: AdminVariables }>()
	.post("/api/towns/:townId/ticket", requireOrigin, requireAdmin, async (c) => {
		const town = c.req.param("townId");
		if (!isId(town)) return problem(c, 400, "bad_town_id", "This is not the id of a town.");
		const described = await townStub(c.env, town)
			.describe()
			.catch((error: unknown) => {
				logFailure("describe", { town }, error);
				return undefined;
			});
		if (described === undefined)
			return problem(c, 503, "town_unavailable", "The town could not be reached. Try again in a moment.");
		if (described === null) return problem(c, 404, "no_such_town", `There is no town ${town}.`);
		const { token, expiresAt } = await signTicket(
			c.env.TICKET_SECRET,
			{
				id: crypto.randomUUID(),
				admin: c.var.admin,
				town,
				identityExpiresAt: c.var.identityExpiresAt,
			},
			Date.now(),
		);
		return c.json({
			ticket: token,
			url: `/ws/towns/${encodeURIComponent(town)}?ticket=${token}`,
			expires_at: expiresAt,
		} satisfies z.infer<typeof ticket>);
	})
	.get("/ws/towns/:townId", async (c) => {
		if (c.req.header("Upgrade")?.toLowerCase() !== "websocket")
			return problem(c, 426, "upgrade_required", "This address speaks WebSocket.");
		const town = c.req.param("townId");
		if (!isId(town)) return closedSocket(CLOSE.noSuchTown, "This is not the id of a town.");
		if (!originAllowed(c.req.raw, c.env.ALLOWED_ORIGINS))
			return closedSocket(CLOSE.badOrigin, originMessage(c.req.raw));
		// The session is the ticket's only consumer and checks it again; a stranger does not even wake it.
		const checked = await checkTicket(c.env.TICKET_SECRET, c.req.query("ticket"), town, Date.now());
		if (!checked.ok) return closedSocket(CLOSE.badTicket, checked.message);
		return c.env.ADMIN_SESSION.getByName(town).fetch(c.req.raw);
	});
