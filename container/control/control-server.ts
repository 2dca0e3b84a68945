import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AgentApi } from "./agent-api.ts";
import { type Answer, failure, Refusal } from "./answer.ts";
import { type Control, ROUTES } from "./routes.ts";

/** Answers that are kept for a repeat under the same key. */
const KEPT = 1_000;

/** Speaks to the worker and to the agents (domain.md §3.1, CONTAINER-1). */
export function createControlServer(control: Control, agentApi: AgentApi): Server {
	const answered = new Map<string, Promise<Answer>>();

	/** A repeat of what was done gets the first answer. A refusal has done nothing: what it lacked may have come. */
	const once = (key: string, run: () => Promise<Answer>): Promise<Answer> => {
		const known = answered.get(key);
		if (known) return known;
		const answer = run();
		answered.set(key, answer);
		answer.then(({ status }) => status >= 400 && answered.delete(key));
		if (answered.size > KEPT) answered.delete(answered.keys().next().value ?? "");
		return answer;
	};

	const answer = async (request: IncomingMessage): Promise<Answer> => {
		const path = new URL(request.url ?? "/", "http://control").pathname;
		const agent = /^\/agent-api\/(.+)$/.exec(path)?.[1];
		if (agent !== undefined)
			return request.method === "POST"
				? agentApi.answer(agent, request)
				: failure(404, "not_found", "POST only.");
		if (!isSecret(request, control.settings.CONTROL_SECRET))
			return failure(401, "no_secret", "The control server is for the worker only.");
		const found = routeOf(request.method ?? "", path);
		if (!found) return failure(404, "not_found", `There is no ${request.method} ${path}.`);
		const { name, route, id, more } = found;
		const run = () => Promise.resolve(route(control, request, id, more));
		if (request.method === "GET") return run();
		const key = request.headers["idempotency-key"];
		if (typeof key !== "string" || key === "") return failure(400, "no_key", "Idempotency-Key is missing.");
		const correlation = request.headers["x-correlation-id"];
		control.reporter.log(
			`${name.replace(":id", id)} ${key}${correlation ? ` [${String(correlation)}]` : ""}`,
		);
		return once(`${name} ${id} ${more} ${key}`, () => run().catch(asAnswer));
	};

	return createServer((request, response) => {
		answer(request)
			.catch(asAnswer)
			.then(({ status, body }) => {
				// What was not read is not wanted.
				request.resume();
				response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
			});
	});
}

function asAnswer(error: unknown): Answer {
	if (error instanceof Refusal) return error.answer;
	console.error(error);
	return failure(500, "failed", String(error));
}

/** Each route with the pattern of its name. */
const PATTERNS = Object.entries(ROUTES).map(([name, route]) => ({
	...{ name, route },
	pattern: new RegExp(`^${name.replace(":id", "([^/]+)").replace(":more", "([^/]+)")}$`),
}));

function routeOf(method: string, path: string) {
	for (const { name, route, pattern } of PATTERNS) {
		const match = pattern.exec(`${method} ${path}`);
		if (!match) continue;
		const [, id = "", more = ""] = match.map((text) => decodeURIComponent(text ?? ""));
		return { name, route, id, more };
	}
	return null;
}

function isSecret(request: IncomingMessage, secret: string): boolean {
	const shown = Buffer.from(request.headers.authorization ?? "");
	const wanted = Buffer.from(`Bearer ${secret}`);
	return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}
