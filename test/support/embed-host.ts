import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Host = {
	/** Its origin: another one than the console's. */
	url: string;
	/** What its `/token` gives, as an admin page's own server would; null is a server that fails. */
	token: string | null;
	close(): Promise<void>;
};

/** A page that shows the section, with styles that would break it if they reached it. `at`: origin of the console. */
const page = (at: string, query: URLSearchParams): string => `<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8" />
		<meta name="viewport" content="width=device-width, initial-scale=1" />
		<title>Admin</title>
		<link rel="icon" href="data:," />
		<style>
			html { font-size: 62.5%; color-scheme: ${query.get("scheme") ?? "light dark"}; }
			body { margin: 2rem; font: 1.6rem/2 Georgia, serif; letter-spacing: 0.2em; }
			a, button { background: rgb(255, 0, 0); padding: 3rem; text-transform: uppercase; }
			.border { border: 9px dotted rgb(255, 0, 0); }
		</style>
	</head>
	<body>
		<h1>User</h1>
		<div id="place"><gastown-section user-id="${query.get("user") ?? ""}"></gastown-section></div>
		<div id="elsewhere"></div>
		<script>
			const globals = new Set(Object.getOwnPropertyNames(window));
			const styles = document.querySelectorAll("style, link").length;
			window.leaked = () => [
				...Object.getOwnPropertyNames(window).filter((name) => !globals.has(name) && name !== "leaked"),
				...(document.querySelectorAll("style, link").length > styles ? ["a style"] : []),
			];
			${
				query.has("token")
					? `document.querySelector("gastown-section").getToken = async () => {
				const answer = await fetch("/token");
				if (!answer.ok) throw new Error("the admin's server answered " + answer.status);
				return answer.text();
			};`
					: ""
			}
		</script>
		<script type="module" src="${at}/embed/gastown-section.js"></script>
	</body>
</html>`;

/** A page with the section in a frame. */
const framing = (at: string, path: string): string =>
	`<!doctype html><html lang="en"><title>Admin</title><iframe title="Gastown" width="900" height="600" src="${at}${path}"></iframe></html>`;

/** An admin page of any make: a small server that is none of ours. `where` says where the console is once it runs. */
export async function startHost(where: { console: string }): Promise<Host> {
	const host: Host = { url: "", token: null, close: async () => undefined };
	const server = createServer((request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? "/", host.url);
		if (pathname === "/token") {
			response.writeHead(host.token === null ? 500 : 200, { "content-type": "text/plain" });
			return response.end(host.token ?? "");
		}
		const frame = searchParams.get("frame");
		response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
		response.end(frame ? framing(where.console, frame) : page(where.console, searchParams));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	host.close = () =>
		new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	return host;
}
