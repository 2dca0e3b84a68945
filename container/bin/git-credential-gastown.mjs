#!/usr/bin/env node
// git's credential helper: asks the control server, which holds the token, and keeps nothing itself.
import { text } from "node:stream/consumers";

const { GASTOWN_CONTROL_URL, GASTOWN_AGENT_TOKEN } = process.env;
if (process.argv[2] === "get") {
	const asked = Object.fromEntries(
		(await text(process.stdin)).split("\n").flatMap((line) => {
			const at = line.indexOf("=");
			return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
		}),
	);
	const response = await fetch(`${GASTOWN_CONTROL_URL}/agent-api/git-credential`, {
		method: "POST",
		headers: { authorization: `Bearer ${GASTOWN_AGENT_TOKEN}`, "content-type": "application/json" },
		body: JSON.stringify({ host: asked.host ?? "", path: asked.path ?? "" }),
	});
	if (response.ok) {
		const { username, password } = await response.json();
		console.log(`username=${username}\npassword=${password}`);
	}
}
