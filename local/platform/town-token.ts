import { jwtVerify, SignJWT } from "jose";

const key = (secret: string): Uint8Array => new TextEncoder().encode(secret);

/** A token of one town, as the worker checks it of a container (SEC-5): ten minutes. */
export const townToken = (secret: string, town: string): Promise<string> =>
	new SignJWT({ town })
		.setProtectedHeader({ alg: "HS256" })
		.setIssuedAt()
		.setExpirationTime("10m")
		.sign(key(secret));

/** Whether a request bears a token of this town. */
export async function bearsTokenOf(
	secret: string,
	town: string,
	header: string | undefined,
): Promise<boolean> {
	const token = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
	if (!token) return false;
	return jwtVerify(token, key(secret), { algorithms: ["HS256"] }).then(
		({ payload }) => payload.town === town,
		() => false,
	);
}
