import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { logFailure } from "../log.ts";

/** Who Cloudflare Access says this is. `expiresAt` in epoch milliseconds. */
export type Identity = { email: string; expiresAt: number };

export type IdentityRefusal = {
	ok: false;
	status: 401 | 403 | 503;
	code: "identity_invalid" | "identity_expired" | "identity_unavailable" | "service_token";
	message: string;
};

export type IdentityChecks = {
	/** `https://<team>.cloudflareaccess.com`: the issuer, and where its keys are. */
	issuer: string;
	/** Audience tag of the Access application. */
	audience: string;
	keys: JWTVerifyGetKey;
	clock: () => number;
};

/** A person has an email; a service token has a `common_name` instead and is nobody an entry could name. */
const claims = z.object({ email: z.email(), exp: z.number() });

/** Path under the team's domain where Access, and the local issuer, publish their keys. */
const CERTS_PATH = "/cdn-cgi/access/certs";

const keySets = new Map<string, JWTVerifyGetKey>();

/**
 * Key set of an Access team, fetched once and kept for ten minutes; an unknown key id fetches it again at most every five
 * seconds, so that a rotation is followed without a restart and a made-up key id costs no fetch each (SEC-1).
 */
export function accessKeys(issuer: string): JWTVerifyGetKey {
	const known = keySets.get(issuer);
	if (known) return known;
	const keys = createRemoteJWKSet(new URL(CERTS_PATH, issuer), {
		cacheMaxAge: 600_000,
		cooldownDuration: 5_000,
		timeoutDuration: 5_000,
	});
	keySets.set(issuer, keys);
	return keys;
}

/** Checks an Access token: RS256 only, signature, issuer, audience, times, and that it names a person (SEC-1). */
export async function checkIdentity(
	token: string,
	checks: IdentityChecks,
): Promise<{ ok: true; identity: Identity } | IdentityRefusal> {
	try {
		const { payload } = await jwtVerify(token, checks.keys, {
			algorithms: ["RS256"],
			issuer: checks.issuer,
			audience: checks.audience,
			requiredClaims: ["exp", "iat"],
			currentDate: new Date(checks.clock()),
		});
		const person = claims.safeParse(payload);
		if (!person.success)
			return refuse(
				403,
				"service_token",
				"This is a service token: only a person with an email can use the console.",
			);
		return { ok: true, identity: { email: person.data.email, expiresAt: person.data.exp * 1000 } };
	} catch (error) {
		return explain(error);
	}
}

const refuse = (
	status: IdentityRefusal["status"],
	code: IdentityRefusal["code"],
	message: string,
): IdentityRefusal => ({ ok: false, status, code, message });

function explain(error: unknown): IdentityRefusal {
	if (error instanceof errors.JWTExpired)
		return refuse(401, "identity_expired", "Your sign-in has expired. Sign in again.");
	if (error instanceof errors.JWTClaimValidationFailed)
		return refuse(
			401,
			"identity_invalid",
			`Your sign-in is not for this console (its "${error.claim}" is wrong). Sign in again.`,
		);
	if (
		error instanceof errors.JWSInvalid ||
		error instanceof errors.JWTInvalid ||
		error instanceof errors.JWSSignatureVerificationFailed ||
		error instanceof errors.JWKSNoMatchingKey ||
		error instanceof errors.JOSEAlgNotAllowed ||
		error instanceof errors.JOSENotSupported
	)
		return refuse(401, "identity_invalid", "Your sign-in could not be verified. Sign in again.");
	// What is left is the fetch of the keys: nobody is let in, and nobody is told that their sign-in is bad.
	logFailure("access keys", {}, error);
	return refuse(
		503,
		"identity_unavailable",
		"The keys of the sign-in service could not be read, so nobody can be let in. Try again in a moment.",
	);
}
