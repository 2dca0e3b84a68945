import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { LIMITS } from "../../shared/protocol/index.ts";
import type { Admin } from "./rights.ts";

/** What opens one socket, once (SEC-2). Times in epoch milliseconds. */
export type Ticket = {
	id: string;
	admin: Admin;
	town: string;
	/** The socket closes when the identity that asked for the ticket ends. */
	identityExpiresAt: number;
	expiresAt: number;
};

export type TicketRefusal = {
	ok: false;
	code: "ticket_missing" | "ticket_expired" | "ticket_foreign" | "ticket_invalid" | "ticket_used";
	message: string;
};

const AUDIENCE = "townwatch:console-socket";

const claims = z.object({
	jti: z.uuid(),
	town: z.string(),
	admin: z.object({ id: z.string(), email: z.string(), name: z.string() }),
	identity_exp: z.number(),
	exp: z.number(),
});

const key = (secret: string): Uint8Array => {
	if (secret.length < 32) throw new Error("TICKET_SECRET is missing or shorter than 32 characters");
	return new TextEncoder().encode(secret);
};

/** Signs a ticket for 30 seconds from `now`. */
export async function signTicket(
	secret: string,
	ticket: Omit<Ticket, "expiresAt">,
	now: number,
): Promise<{ token: string; expiresAt: number }> {
	const expires = Math.floor((now + LIMITS.ticketMs) / 1000);
	const token = await new SignJWT({
		town: ticket.town,
		admin: ticket.admin,
		identity_exp: ticket.identityExpiresAt,
	})
		.setProtectedHeader({ alg: "HS256" })
		.setJti(ticket.id)
		.setAudience(AUDIENCE)
		.setExpirationTime(expires)
		.sign(key(secret));
	return { token, expiresAt: expires * 1000 };
}

/** Checks signature, time and town. Whether it was used before is known to the AdminSession alone. */
export async function checkTicket(
	secret: string,
	token: string | null | undefined,
	town: string,
	now: number,
): Promise<{ ok: true; ticket: Ticket } | TicketRefusal> {
	if (!token) return refuse("ticket_missing", "There is no ticket. Open the town from its page.");
	try {
		const { payload } = await jwtVerify(token, key(secret), {
			algorithms: ["HS256"],
			audience: AUDIENCE,
			currentDate: new Date(now),
		});
		const parsed = claims.safeParse(payload);
		if (!parsed.success) return refuse("ticket_invalid", "The ticket is not one of this console.");
		const { jti, admin, identity_exp, exp } = parsed.data;
		if (parsed.data.town !== town) return refuse("ticket_foreign", "The ticket is for another town.");
		return {
			ok: true,
			ticket: { id: jti, admin, town, identityExpiresAt: identity_exp, expiresAt: exp * 1000 },
		};
	} catch (error) {
		if (error instanceof errors.JWTExpired)
			return refuse("ticket_expired", "The ticket is older than 30 seconds.");
		if (error instanceof errors.JOSEError)
			return refuse("ticket_invalid", "The ticket is not one of this console.");
		throw error;
	}
}

const refuse = (code: TicketRefusal["code"], message: string): TicketRefusal => ({
	ok: false,
	code,
	message,
});
