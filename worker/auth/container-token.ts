import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";

export type TokenCheck = { ok: true } | { ok: false; status: 401 | 403; code: string; message: string };

const claims = z.object({ town: z.string().min(1) });

/** Gastown's lifetime of a container's token (domain.md §4.6). */
const LIFETIME_S = 8 * 3_600;

/** A token with which one town's container reports. */
export function mintContainerToken(secret: string, town: string, now: number): Promise<string> {
	const issued = Math.floor(now / 1_000);
	return new SignJWT({ town })
		.setProtectedHeader({ alg: "HS256" })
		.setIssuedAt(issued)
		.setExpirationTime(issued + LIFETIME_S)
		.sign(new TextEncoder().encode(secret));
}

/** Checks the token that a town's container reports with: HS256, not expired, of this very town (SEC-5). */
export async function checkContainerToken(
	secret: string,
	header: string | undefined,
	town: string,
	now: number,
): Promise<TokenCheck> {
	const token = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
	if (!token) return refuse(401, "no_token", "A container reports with `Authorization: Bearer <its token>`.");
	try {
		const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
			algorithms: ["HS256"],
			requiredClaims: ["exp"],
			currentDate: new Date(now),
		});
		const named = claims.safeParse(payload);
		if (!named.success) return refuse(401, "bad_token", "This token names no town.");
		if (named.data.town !== town) return refuse(403, "foreign_town", "This token is of another town.");
		return { ok: true };
	} catch (error) {
		if (error instanceof errors.JWTExpired) return refuse(401, "token_expired", "This token has expired.");
		if (error instanceof errors.JOSEError) return refuse(401, "bad_token", "This token is not valid.");
		throw error;
	}
}

const refuse = (status: 401 | 403, code: string, message: string): TokenCheck => ({
	ok: false,
	status,
	code,
	message,
});
