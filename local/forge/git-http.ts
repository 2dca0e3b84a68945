import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The services of smart HTTP: a fetch is `git-upload-pack`, a push `git-receive-pack`. */
export type GitService = "git-upload-pack" | "git-receive-pack";

/** Which service a request is for; null where it is no request of git's smart HTTP. */
export function serviceOf(url: URL): GitService | null {
	const name = url.pathname.endsWith("/info/refs")
		? url.searchParams.get("service")
		: url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
	return name === "git-upload-pack" || name === "git-receive-pack" ? name : null;
}

/** Hands a request to `git http-backend`, as a web server does by CGI. `root` holds the bare repositories. */
export function runGit(
	request: IncomingMessage,
	response: ServerResponse,
	{ root, url, user }: { root: string; url: URL; user: string },
): void {
	const { headers } = request;
	const child = spawn("git", ["http-backend"], {
		env: {
			PATH: process.env.PATH,
			GIT_PROJECT_ROOT: root,
			GIT_HTTP_EXPORT_ALL: "1",
			GIT_CONFIG_NOSYSTEM: "1",
			HOME: root,
			PATH_INFO: decodeURIComponent(url.pathname),
			QUERY_STRING: url.search.slice(1),
			REQUEST_METHOD: request.method,
			CONTENT_TYPE: headers["content-type"] ?? "",
			CONTENT_LENGTH: headers["content-length"] ?? "",
			HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
			GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
			REMOTE_USER: user,
			REMOTE_ADDR: "127.0.0.1",
		},
		stdio: ["pipe", "pipe", "inherit"],
	});
	request.pipe(child.stdin);
	// It stops reading when it has refused: what is still sent is of no use.
	child.stdin.on("error", () => request.resume());
	let head = Buffer.alloc(0);
	let begun = false;
	child.stdout.on("data", (chunk: Buffer) => {
		if (begun) return void response.write(chunk);
		head = Buffer.concat([head, chunk]);
		const end = head.indexOf("\r\n\r\n");
		if (end < 0) return;
		begun = true;
		writeHead(response, head.subarray(0, end).toString());
		response.write(head.subarray(end + 4));
	});
	child.once("error", () => response.writeHead(500).end("git http-backend is not there"));
	child.once("close", () => {
		if (!begun && !response.headersSent) response.writeHead(500);
		response.end();
	});
	response.once("close", () => child.kill());
}

function writeHead(response: ServerResponse, head: string): void {
	let status = 200;
	for (const line of head.split("\r\n")) {
		const colon = line.indexOf(":");
		const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
		if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
		else response.setHeader(name, value);
	}
	response.writeHead(status);
}
