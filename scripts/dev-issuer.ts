import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** Somebody to sign in as. Who is an admin is the directory's business, not the issuer's: `note` is only shown. */
export type DevIdentity = { email: string; name: string; note: string };

export type DevIssuer = { url: string; server: Server; close(): Promise<void> };

type Options = {
	/** 0 takes any free port. */
	port: number;
	/** The page that people come back to, e.g. `http://127.0.0.1:5173`: the only one. */
	appUrl: string;
	audience: string;
	identities: DevIdentity[];
	/** How long a sign-in lasts, seconds. */
	lifetime?: number;
};

const COOKIE = "CF_Authorization";

/**
 * Plays Cloudflare Access on this machine: signs the same kind of token with keys made at start, publishes them where Access
 * does, and sets the cookie that Access sets (cookies do not know ports, so 127.0.0.1 shares it). The worker's checks are the
 * same for both (SEC-1). It listens on 127.0.0.1 only.
 */
export async function startDevIssuer(options: Options): Promise<DevIssuer> {
	const { publicKey, privateKey } = await generateKeyPair("RS256");
	const kid = randomUUID();
	const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" }] };
	const lifetime = options.lifetime ?? 8 * 3600;
	let issuer = "";

	const sign = (identity: DevIdentity): Promise<string> =>
		new SignJWT({ email: identity.email, type: "app", identity_nonce: randomUUID(), country: "XX" })
			.setProtectedHeader({ alg: "RS256", kid })
			.setIssuer(issuer)
			.setAudience([options.audience])
			.setSubject(randomUUID())
			.setIssuedAt()
			.setExpirationTime(`${lifetime}s`)
			.sign(privateKey);

	const server = createServer(async (request, response) => {
		const url = new URL(request.url ?? "/", issuer);
		const send = (status: number, type: string, body: string, headers: Record<string, string> = {}) => {
			response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers });
			response.end(body);
		};
		const back = returnUrl(options.appUrl, url.searchParams.get("redirect_url"));

		if (url.pathname === "/cdn-cgi/access/certs") return send(200, "application/json", JSON.stringify(jwks));
		if (url.pathname === "/cdn-cgi/access/logout")
			return send(303, "text/plain", "signed out", {
				location: back ?? options.appUrl,
				"set-cookie": `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`,
			});
		if (url.pathname.startsWith("/cdn-cgi/access/login")) {
			if (!back) return send(400, "text/plain", "redirect_url leads away from the console\n");
			if (request.method !== "POST") return send(200, "text/html; charset=utf-8", page(options, url));
			const identity = options.identities.find(({ email }) => email === url.searchParams.get("as"));
			if (!identity) return send(400, "text/plain", "nobody of that email can sign in here\n");
			return send(303, "text/plain", "signed in", {
				location: back,
				"set-cookie": `${COOKIE}=${await sign(identity)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifetime}`,
			});
		}
		return send(404, "text/plain", "not found\n");
	});

	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port, "127.0.0.1", resolve);
	});
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the issuer has no port");
	issuer = `http://127.0.0.1:${address.port}`;
	return { url: issuer, server, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Where to go after sign-in: a path of the console, or a whole address of it; null for any other. */
function returnUrl(appUrl: string, wanted: string | null): string | null {
	try {
		const target = new URL(wanted ?? "/", appUrl);
		return target.origin === new URL(appUrl).origin ? target.href : null;
	} catch {
		return null;
	}
}

const html = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function page(options: Options, url: URL): string {
	const rows = options.identities.map((identity) => {
		const action = new URLSearchParams(url.searchParams);
		action.set("as", identity.email);
		return `<form method="post" action="${html(`${url.pathname}?${action}`)}"><button>
<b>${html(identity.name)}</b><span>${html(identity.email)}</span><small>${html(identity.note)}</small></button></form>`;
	});
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Sign in to Townwatch</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1rem}
button{font:inherit;width:100%;display:grid;grid-template-columns:1fr auto;text-align:left;gap:0 1rem;padding:.75rem 1rem;
margin:.25rem 0;border:1px solid;border-radius:.5rem;background:none;color:inherit;cursor:pointer}
small{grid-column:1/-1;opacity:.75}p{opacity:.75}</style>
<h1>Sign in to Townwatch</h1><p>This page stands in for Cloudflare Access on this machine. Choose who you are.</p>
${rows.join("\n")}</html>`;
}
