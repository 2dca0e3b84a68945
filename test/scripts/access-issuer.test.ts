import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accessKeys, checkIdentity } from "../../worker/auth/identity.ts";

const AUDIENCE = "console";
type Key = { kid: string; privateKey: CryptoKey; publicKey: CryptoKey };

/** A team's own domain: publishes the keys that it is told to, over HTTP, and can go down. */
let issuer = "";
let server: Server;
let published: Key[] = [];
let reads = 0;
let up = true;

const newKey = async (kid: string): Promise<Key> => ({
	kid,
	...(await generateKeyPair("RS256", { extractable: true })),
});

beforeEach(async () => {
	[reads, up] = [0, true];
	published = [await newKey("old")];
	server = createServer(async (_, response) => {
		reads++;
		if (!up) return response.destroy();
		const keys = published.map(async ({ kid, publicKey }) => ({
			...{ ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" },
		}));
		response.setHeader("content-type", "application/json");
		response.end(JSON.stringify({ keys: await Promise.all(keys) }));
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(async () => {
	vi.useRealTimers();
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
});

const seconds = () => Math.floor(Date.now() / 1000);
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const token = (claims: JWTPayload = {}, key = published[0] as Key) =>
	new SignJWT({
		...{ email: "ada@example.test", iss: issuer, aud: [AUDIENCE] },
		...{ iat: seconds(), nbf: seconds(), exp: seconds() + 3_600 },
		...claims,
	})
		.setProtectedHeader({ alg: "RS256", kid: key.kid })
		.sign(key.privateKey);

const check = (text: string) =>
	checkIdentity(text, { issuer, audience: AUDIENCE, keys: accessKeys(issuer), clock: Date.now });

test("SEC-1: keys that rotate are followed without a restart: old and new are valid side by side, and the old no more once withdrawn", async () => {
	const [old] = published as [Key];
	expect(await check(await token())).toMatchObject({ ok: true });
	const fresh = await newKey("new");
	published = [fresh, old];
	later(6_000);
	expect(await check(await token({}, fresh))).toMatchObject({ ok: true });
	expect(await check(await token({}, old))).toMatchObject({ ok: true });
	expect(reads).toBe(2);
	published = [fresh];
	later(601_000);
	expect(await check(await token({}, old))).toMatchObject({ ok: false, code: "identity_invalid" });
	expect(await check(await token({}, fresh))).toMatchObject({ ok: true });
});

test("SEC-1: an issuer that is down puts nobody out whose key is known, lets nobody in by an unknown one, and is not called a bad sign-in", async () => {
	const [old] = published as [Key];
	expect(await check(await token())).toMatchObject({ ok: true });
	up = false;
	later(6_000);
	expect(await check(await token({}, old))).toMatchObject({ ok: true });
	const down = { ok: false, status: 503, code: "identity_unavailable" };
	expect(await check(await token({}, await newKey("new")))).toMatchObject(down);
	later(601_000);
	expect(await check(await token({}, old))).toMatchObject(down);
	up = true;
	expect(await check(await token({}, old))).toMatchObject({ ok: true });
});

const HOUR = 3_600;
test.each<[string, () => JWTPayload, string]>([
	["of another application", () => ({ aud: ["another"] }), "identity_invalid"],
	["of another team", () => ({ iss: "https://another.cloudflareaccess.com" }), "identity_invalid"],
	["that has expired", () => ({ exp: seconds() - 1 }), "identity_expired"],
	["that is not valid yet", () => ({ nbf: seconds() + HOUR }), "identity_invalid"],
	["of a service", () => ({ email: undefined, common_name: "ci.access" }), "service_token"],
])("SEC-1: an issuer that signs a token %s lets nobody in", async (_, claims, code) => {
	expect(await check(await token(claims()))).toMatchObject({ ok: false, code });
});

test("SEC-1: nobody gets in by a key that is not published, by none, or by the public key taken for a secret", async () => {
	const [known] = published as [Key];
	const claims = {
		email: "ada@example.test",
		iss: issuer,
		aud: AUDIENCE,
		iat: seconds(),
		exp: seconds() + HOUR,
	};
	const invalid = { ok: false, code: "identity_invalid" };
	expect(await check(await token({}, await newKey("unknown")))).toMatchObject(invalid);
	expect(await check(await token({}, { ...(await newKey("forged")), kid: known.kid }))).toMatchObject(
		invalid,
	);
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
	expect(await check(`${part({ alg: "none", kid: known.kid })}.${part(claims)}.`)).toMatchObject(invalid);
	const secret = new TextEncoder().encode(await exportSPKI(known.publicKey));
	const hs256 = new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: known.kid }).sign(secret);
	expect(await check(await hs256)).toMatchObject(invalid);
});
