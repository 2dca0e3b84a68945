import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { Bus } from "./bus.ts";
import { Conversation } from "./conversation.ts";
import { type PermissionRules, Permissions } from "./permissions.ts";
import { Turns } from "./turn.ts";

const promptBody = z.object({
	parts: z.array(z.object({ type: z.string(), text: z.string().optional() })).min(1),
	system: z.string().optional(),
	model: z.object({ providerID: z.string(), modelID: z.string() }).optional(),
});
const replyBody = z.object({ reply: z.enum(["once", "always", "reject"]) });

export type ServerOptions = {
	/** Folder that keeps the session for the process that resumes it. */
	home: string;
	modelUrl: string;
	model: { providerID: string; modelID: string };
	permissions: PermissionRules;
	retryMs: number;
};
type Answer = { status: number; body?: unknown };
const NOT_FOUND: Answer = {
	status: 404,
	body: { name: "NotFoundError", data: { message: "Session not found" } },
};

/** The part of opencode's HTTP API that the container uses, over one session (sdk-events.md §1, §7). */
export class AgentServer {
	readonly server: Server;
	readonly #options: ServerOptions;
	readonly #bus = new Bus();
	readonly #permissions: Permissions;
	#conversation: Conversation | null;
	#turns: Turns | null = null;

	constructor(options: ServerOptions) {
		this.#options = options;
		this.#permissions = new Permissions(this.#bus, options.permissions);
		this.#conversation = Conversation.open(this.#bus, this.#path);
		this.server = createServer((request, response) => {
			this.#answer(request, response).catch((error: unknown) => {
				if (response.headersSent) return void response.end();
				response.writeHead(500, { "content-type": "application/json" });
				response.end(JSON.stringify({ name: "UnknownError", data: { message: String(error) } }));
			});
		});
	}

	/** Aborts the turn and lets everything that was told reach its listener. */
	async close(): Promise<void> {
		await this.#turns?.abort();
		await this.#bus.drained();
	}

	get #path(): string {
		return join(this.#options.home, "session.jsonl");
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? "/", "http://agent");
		if (request.method === "GET" && url.pathname === "/event") return this.#bus.listen(response);
		const body: unknown = request.method === "GET" ? null : await json(request).catch(() => ({}));
		const { status, body: answer } = await this.#route(`${request.method} ${url.pathname}`, url, body);
		response.writeHead(status, { "content-type": "application/json" });
		response.end(answer === undefined ? undefined : JSON.stringify(answer));
	}

	async #route(what: string, url: URL, body: unknown): Promise<Answer> {
		if (what === "GET /session")
			return { status: 200, body: this.#conversation ? [this.#conversation.info] : [] };
		if (what === "POST /session") return { status: 200, body: this.#begin(url, body).info };
		if (what === "GET /permission") return { status: 200, body: this.#permissions.list() };
		const permission = /^POST \/permission\/([^/]+)\/reply$/.exec(what)?.[1];
		if (permission !== undefined) return this.#reply(permission, body);
		const [, id, rest = ""] = /^\w+ \/session\/([^/]+)(\/\w+)?$/.exec(what) ?? [];
		const conversation = this.#conversation;
		if (!conversation || conversation.info.id !== id) return NOT_FOUND;
		const verb = `${what.split(" ")[0]} ${rest}`;
		if (verb === "GET ") return { status: 200, body: conversation.info };
		if (verb === "GET /message") return { status: 200, body: conversation.messages };
		if (verb === "POST /abort") return { status: 200, body: await this.#turnsOf(conversation).abort() };
		if (verb === "POST /prompt_async") return this.#prompt(conversation, body);
		return { status: 404, body: { name: "NotFoundError", data: { message: `No ${what}` } } };
	}

	#begin(url: URL, body: unknown): Conversation {
		const { title } = z.object({ title: z.string().optional() }).catch({}).parse(body);
		const directory = url.searchParams.get("directory") ?? process.cwd();
		this.#conversation = Conversation.create(this.#bus, this.#path, directory, title);
		this.#turns = null;
		return this.#conversation;
	}

	#turnsOf(conversation: Conversation): Turns {
		const { modelUrl, retryMs } = this.#options;
		this.#turns ??= new Turns({
			...{ bus: this.#bus, permissions: this.#permissions, conversation, modelUrl, retryMs },
		});
		return this.#turns;
	}

	#prompt(conversation: Conversation, body: unknown): Answer {
		const parsed = promptBody.safeParse(body);
		if (!parsed.success)
			return { status: 400, body: { name: "BadRequest", data: { message: parsed.error.message } } };
		const { parts, system, model = this.#options.model } = parsed.data;
		const text = parts.map((part) => part.text ?? "").join("\n");
		this.#turnsOf(conversation).prompt(text, system, model);
		return { status: 204 };
	}

	#reply(id: string, body: unknown): Answer {
		const parsed = replyBody.safeParse(body);
		if (!parsed.success)
			return { status: 400, body: { name: "BadRequest", data: { message: parsed.error.message } } };
		return this.#permissions.reply(id, parsed.data.reply)
			? { status: 200, body: true }
			: { status: 404, body: { name: "NotFoundError", data: { message: "No such permission is pending" } } };
	}
}
