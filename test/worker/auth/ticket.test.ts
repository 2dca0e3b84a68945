import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { checkTicket, signTicket } from "../../../worker/auth/ticket.ts";

const SECRET = "s".repeat(32);
const NOW = Date.parse("2026-11-22T12:00:00Z");
const ticket = {
	id: "11111111-1111-4111-8111-111111111111",
	admin: { id: "user/ada", email: "ada@example.test", name: "Ada" },
	town: "town-1",
	identityExpiresAt: NOW + 3_600_000,
};

test("SEC-2: a ticket holds id, admin, town and the end of the identity, for 30 seconds", async () => {
	const { token, expiresAt } = await signTicket(SECRET, ticket, NOW);
	expect(expiresAt).toBe(NOW + 30_000);
	expect(await checkTicket(SECRET, token, "town-1", NOW + 29_000)).toEqual({
		ok: true,
		ticket: { ...ticket, expiresAt },
	});
});

test("SEC-2: late, foreign, forged and missing tickets are refused, each with its own words", async () => {
	const { token } = await signTicket(SECRET, ticket, NOW);
	expect(await checkTicket(SECRET, token, "town-1", NOW + 30_000)).toMatchObject({ code: "ticket_expired" });
	expect(await checkTicket(SECRET, token, "town-2", NOW)).toMatchObject({ code: "ticket_foreign" });
	expect(await checkTicket("x".repeat(32), token, "town-1", NOW)).toMatchObject({ code: "ticket_invalid" });
	expect(await checkTicket(SECRET, null, "town-1", NOW)).toMatchObject({ code: "ticket_missing" });
	expect(await checkTicket(SECRET, "x", "town-1", NOW)).toMatchObject({ code: "ticket_invalid" });
});

test("SEC-2: a token of the same secret for something else is no ticket", async () => {
	const other = await new SignJWT({ town: "town-1", admin: ticket.admin, identity_exp: 1 })
		.setProtectedHeader({ alg: "HS256" })
		.setJti(ticket.id)
		.setExpirationTime(NOW / 1000 + 30)
		.sign(new TextEncoder().encode(SECRET));
	expect(await checkTicket(SECRET, other, "town-1", NOW)).toMatchObject({ code: "ticket_invalid" });
});

test("SEC-2: without a real secret nothing is signed", async () => {
	await expect(signTicket("", ticket, NOW)).rejects.toThrow("TICKET_SECRET");
});
