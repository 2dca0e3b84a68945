import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Access, TokenService } from "../tokens/token-service.ts";
import { Branches } from "./branches.ts";
import { runGit, serviceOf } from "./git-http.ts";
import { type PullAnswer, Pulls } from "./pulls.ts";
import { ensureRepository } from "./repository.ts";

type Options = { root: string; tokens: TokenService; port: number };

/**
 * Plays the forge, a GitHub Enterprise: git over HTTP at `/owner/name.git`, its API below `/api/v3`. Every repository is
 * private: 401 for a token that is no good, 404 for one that does not reach it, 403 for a push without the right.
 */
export class Forge {
	readonly #options: Options;
	readonly #server: Server;
	/** While it is down it takes no connection, as a host that is gone. */
	#down = false;
	/** Repositories whose pull requests nobody is told of now. */
	readonly #silent = new Set<string>();

	private constructor(options: Options) {
		this.#options = options;
		this.#server = createServer((request, response) => {
			this.#answer(request, response).catch((error: unknown) => {
				console.error("forge", error);
				if (!response.headersSent) response.writeHead(500);
				response.end("The forge failed.\n");
			});
		});
	}

	static async start(options: Options): Promise<Forge> {
		const forge = new Forge(options);
		await forge.#listen(options.port);
		return forge;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	port = 0;

	/** Folder of a bare repository. */
	dir(repository: string): string {
		return join(this.#options.root, `${repository}.git`);
	}

	/** Makes a repository `owner/name` where it is not there yet. */
	async ensure(repository: string): Promise<void> {
		await ensureRepository(this.dir(repository));
	}

	pulls(repository: string): Pulls {
		return new Pulls(this.dir(repository), `${this.url}/${repository}`);
	}

	async setDown(down: boolean): Promise<void> {
		if (down === this.#down) return;
		this.#down = down;
		if (down) await this.#close();
		else await this.#listen(this.port);
	}

	/** Its API answers 502 about the pull requests of this repository until it is mended. */
	setSilent(repository: string, silent: boolean): void {
		if (silent) this.#silent.add(repository);
		else this.#silent.delete(repository);
	}

	async stop(): Promise<void> {
		if (!this.#down) await this.#close();
	}

	#close(): Promise<void> {
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		this.#server.closeAllConnections();
		return closed;
	}

	async #listen(port: number): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.#server.once("error", reject).listen(port, "127.0.0.1", () => {
				this.#server.off("error", reject);
				resolve();
			});
		});
		const address = this.#server.address();
		if (address && typeof address === "object") this.port = address.port;
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? "/", this.url);
		const api = /^\/api\/v3\/repos\/([\w.-]+\/[\w.-]+?)(\/pulls(?:\/(\d+)(\/merge)?)?)?$/.exec(url.pathname);
		if (api) return this.#api(request, response, url, api);
		if (url.pathname === "/api/v3/installation/repositories") return this.#installation(request, response);
		const branches = /^\/api\/v3\/repos\/([\w.-]+\/[\w.-]+?)\/(compare|merges|commits)(?:\/(.+))?$/.exec(
			url.pathname,
		);
		if (branches) return this.#branches(request, response, branches);
		const [, repository = ""] = /^\/([\w.-]+\/[\w.-]+?)\.git\//.exec(url.pathname) ?? [];
		const service = serviceOf(url);
		if (!repository || !service) return text(response, 404, "Not Found");
		const user = basicToken(request);
		if (user === null) {
			response.setHeader("WWW-Authenticate", 'Basic realm="GitHub"');
			return text(response, 401, "No anonymous write access.");
		}
		const access = this.#access(user, repository);
		if (access === "unknown") {
			response.setHeader("WWW-Authenticate", 'Basic realm="GitHub"');
			return text(
				response,
				401,
				"Invalid username or token. Password authentication is not supported for Git operations.",
			);
		}
		if (access === "none") return text(response, 404, "Repository not found.");
		if (service === "git-receive-pack" && access !== "write")
			return text(response, 403, "Write access to repository not granted.");
		runGit(request, response, { root: this.#options.root, url, user: "x-access-token" });
	}

	async #branches(
		request: IncomingMessage,
		response: ServerResponse,
		[, repository = "", what = "", rest = ""]: RegExpExecArray,
	): Promise<void> {
		const say = ({ status, body }: PullAnswer) =>
			response
				.writeHead(status, { "content-type": "application/json" })
				.end(status === 204 ? undefined : JSON.stringify(body));
		const refused = this.#refusal(request, repository);
		if (refused) return void say(refused);
		const all = new Branches(this.dir(repository));
		if (what === "merges" && request.method === "POST") {
			if (this.#access(bearer(request), repository) !== "write")
				return void say({ status: 403, body: { message: "Resource not accessible by integration" } });
			return void say(await all.merge(await json(request).catch(() => null)));
		}
		const [base = "", head = ""] = rest.split("...").map(decodeURIComponent);
		if (what === "compare") return void say(await all.compare(base, head));
		const [, sha = ""] = /^(\w+)\/check-runs$/.exec(rest) ?? [];
		say(sha ? await all.checkRuns(sha) : { status: 404, body: { message: "Not Found" } });
	}

	/** What the token of an installation reaches, as GitHub tells it. */
	#installation(request: IncomingMessage, response: ServerResponse): void {
		const reached = this.#options.tokens.reached(bearer(request));
		const body = reached
			? { total_count: reached.length, repositories: reached.map((full_name) => ({ full_name })) }
			: { message: "Bad credentials" };
		response.writeHead(reached ? 200 : 401, { "content-type": "application/json" }).end(JSON.stringify(body));
	}

	/** GitHub says of a private repository that it is not there. */
	#refusal(request: IncomingMessage, repository: string): PullAnswer | null {
		const token = bearer(request);
		const access = token === "" ? "none" : this.#access(token, repository);
		if (access === "unknown") return { status: 401, body: { message: "Bad credentials" } };
		return access === "none" ? { status: 404, body: { message: "Not Found" } } : null;
	}

	async #api(
		request: IncomingMessage,
		response: ServerResponse,
		url: URL,
		[, repository = "", pulls, number, merge]: RegExpExecArray,
	): Promise<void> {
		const say = ({ status, body }: PullAnswer) =>
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		const refused = this.#refusal(request, repository);
		if (refused) return void say(refused);
		const write = this.#access(bearer(request), repository) === "write";
		if (!pulls)
			return void say({
				status: 200,
				body: { full_name: repository, private: true, permissions: { pull: true, push: write } },
			});
		if (this.#silent.has(repository)) return void say({ status: 502, body: { message: "Bad Gateway" } });
		const all = this.pulls(repository);
		const { method } = request;
		if (method === "GET")
			return void say(
				await (number
					? all.get(Number(number))
					: all.list(url.searchParams.get("state") ?? "open", url.searchParams.get("head"))),
			);
		if (!write) return void say({ status: 403, body: { message: "Resource not accessible by integration" } });
		const body: unknown = await json(request).catch(() => null);
		if (method === "POST" && !number) return void say(await all.create(body));
		if (method === "PUT" && merge) return void say(await all.merge(Number(number), body));
		if (method === "PATCH" && number && !merge)
			return void say(await all.setState(Number(number), (body as { state?: unknown } | null)?.state));
		say({ status: 404, body: { message: "Not Found" } });
	}

	#access(token: string, repository: string): Access {
		const access = this.#options.tokens.access(token, repository);
		return access !== "unknown" && !existsSync(this.dir(repository)) ? "none" : access;
	}
}

/** The token of a call to the API; empty without any. */
const bearer = (request: IncomingMessage): string =>
	/^(?:Bearer|token) (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";

/** The password of basic authentication, which is where git sends a token; null without any. */
function basicToken(request: IncomingMessage): string | null {
	const [, code] = /^Basic (\S+)$/.exec(request.headers.authorization ?? "") ?? [];
	if (code === undefined) return null;
	const pair = Buffer.from(code, "base64").toString();
	return pair.slice(pair.indexOf(":") + 1);
}

/** git shows the words of a plain text answer as `remote: …`. */
function text(response: ServerResponse, status: number, words: string): void {
	response.writeHead(status, { "content-type": "text/plain" }).end(`${words}\n`);
}
