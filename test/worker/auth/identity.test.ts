import { createRemoteJWKSet, customFetch, exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import { checkIdentity } from "../../../worker/auth/identity.ts";

const ISSUER = "https://team.example";
const NOW = Date.parse("2026-11-22T12:00:00Z");
const seconds = Math.floor(NOW / 1000);

type Key = { kid: string; privateKey: CryptoKey; jwk: object };
let published: Key[] = [];
let fetches = 0;
let key: Key;

const newKey = async (kid: string, alg = "RS256"): Promise<Key> => {
	const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
	return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
};

const keySet = (cooldownDuration = 0) =>
	createRemoteJWKSet(new URL("/cdn-cgi/access/certs", ISSUER), {
		cooldownDuration,
		[customFetch]: async () => {
			fetches++;
			return Response.json({ keys: published.map(({ jwk }) => jwk) });
		},
	});

const token = (claims: Record<string, unknown> = {}, options: { key?: Key; alg?: string } = {}) =>
	new SignJWT({
		email: "ada@example.test",
		iss: ISSUER,
		aud: ["console"],
		iat: seconds,
		exp: seconds + 60,
		...claims,
	})
		.setProtectedHeader({ alg: options.alg ?? "RS256", kid: (options.key ?? key).kid })
		.sign((options.key ?? key).privateKey);

const check = (text: string, keys = keySet(), now = NOW) =>
	checkIdentity(text, { issuer: ISSUER, audience: "console", keys, clock: () => now });

beforeAll(async () => {
	key = await newKey("first");
	published = [key];
});

test("SEC-1: a token of Access names a person, and when that ends", async () => {
	expect(await check(await token())).toEqual({
		ok: true,
		identity: { email: "ada@example.test", expiresAt: (seconds + 60) * 1000 },
	});
});

test.each([
	["another audience", { aud: ["other"] }, "identity_invalid", "aud"],
	["another issuer", { iss: "https://elsewhere.example" }, "identity_invalid", "iss"],
	["no expiry", { exp: undefined }, "identity_invalid", "exp"],
	["no email, as service tokens have", { email: undefined, common_name: "ci" }, "service_token", "service"],
	["an email that is none", { email: "" }, "service_token", "service"],
])("SEC-1: refuses %s", async (_, claims, code, word) => {
	const answer = await check(await token(claims));
	expect(answer).toMatchObject({ ok: false, code });
	expect((answer as { message: string }).message).toContain(word);
});

test("SEC-1: refuses a token after its end", async () => {
	expect(await check(await token(), keySet(), NOW + 61_000)).toMatchObject({
		status: 401,
		code: "identity_expired",
	});
});

test("SEC-1: refuses other keys under a known name, other algorithms, no algorithm, and noise", async () => {
	const forged = await newKey("first");
	expect(await check(await token({}, { key: forged }))).toMatchObject({ code: "identity_invalid" });
	const pss = await newKey("pss", "PS256");
	published = [key, pss];
	expect(await check(await token({}, { key: pss, alg: "PS256" }))).toMatchObject({
		code: "identity_invalid",
	});
	published = [key];
	const hmac = await new SignJWT({ email: "ada@example.test", iss: ISSUER, aud: "console" })
		.setProtectedHeader({ alg: "HS256", kid: "first" })
		.sign(new TextEncoder().encode(JSON.stringify(key.jwk)));
	expect(await check(hmac)).toMatchObject({ code: "identity_invalid" });
	const none = `${btoa('{"alg":"none"}')}.${btoa('{"email":"ada@example.test"}')}.`;
	expect(await check(none)).toMatchObject({ code: "identity_invalid" });
	expect(await check("noise")).toMatchObject({ code: "identity_invalid" });
});

test("SEC-1: keys are fetched once, and again when a token names one that is new", async () => {
	published = [key];
	const keys = keySet();
	fetches = 0;
	await check(await token(), keys);
	await check(await token(), keys);
	expect(fetches).toBe(1);
	const second = await newKey("second");
	published = [second];
	expect(await check(await token({}, { key: second }), keys)).toMatchObject({ ok: true });
	expect(fetches).toBe(2);
	published = [key];
});

test("SEC-1: made-up key names do not cost a fetch each", async () => {
	const keys = keySet(30_000);
	await check(await token(), keys);
	fetches = 0;
	const unknown = await newKey("made-up");
	for (let n = 0; n < 5; n++)
		expect(await check(await token({}, { key: unknown }), keys)).toMatchObject({ code: "identity_invalid" });
	expect(fetches).toBe(0);
});

test("SEC-1: nobody is let in when the keys cannot be read, and nobody is told that their sign-in is bad", async () => {
	const keys = createRemoteJWKSet(new URL(ISSUER), {
		[customFetch]: async () => new Response("down", { status: 502 }),
	});
	expect(await check(await token(), keys)).toMatchObject({ status: 503, code: "identity_unavailable" });
});
