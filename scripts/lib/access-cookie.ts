import type { Settings } from "./settings.ts";

/** The cookie that the development issuer sets for this person, as if they had pressed their button on its page. */
export async function accessCookie(
	settings: Pick<Settings, "issuerPort">,
	email: string,
): Promise<{ name: string; value: string }> {
	const response = await fetch(
		`http://127.0.0.1:${settings.issuerPort}/cdn-cgi/access/login/townwatch?as=${encodeURIComponent(email)}&redirect_url=/`,
		{ method: "POST", redirect: "manual" },
	);
	const [, name, value] = /^([^=]+)=([^;]+)/.exec(response.headers.get("set-cookie") ?? "") ?? [];
	if (!name || !value)
		throw new Error(`${email} could not sign in: ${response.status} ${await response.text()}`);
	return { name, value };
}
