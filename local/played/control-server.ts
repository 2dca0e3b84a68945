import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";

/**
 * Stops an agent's process; false when it has none, or none of this attempt (null: whatever runs). Resolves when its exit
 * has been reported.
 */
export type StopAgent = (town: string, agent: string, attempt: string | null) => Promise<boolean>;

type Order = { town: string; agent: string; attempt: string | null; key: string };
type Answer = { status: number; body: unknown };

const failure = (status: number, code: string, message: string): Answer => ({
	status,
	body: { error: { code, message } },
});

/**
 * What the worker asks of the container: `GET /health`, and `POST /towns/:town/agents/:agent/stop` with an `Idempotency-Key`
 * and `{attempt_id}`, so that an order which comes late stops nothing newer: a repeat with the same key gets the first answer and stops nothing a second time (LEDGER-2). Listens on 127.0.0.1 only.
 */
export function startControlServer(port: number, stop: StopAgent): Promise<Server> {
	const answered = new Map<string, Promise<Answer>>();

	const stopOnce = ({ town, agent, attempt, key }: Order): Promise<Answer> => {
		const id = `${town}\n${agent}\n${key}`;
		const known = answered.get(id);
		if (known) return known;
		const answer = stop(town, agent, attempt).then(
			(stopped): Answer =>
				stopped
					? { status: 200, body: { stopped } }
					: failure(404, "no_process", `${agent} has no process here.`),
		);
		answered.set(id, answer);
		// A failed stop may be tried again under the same key; only an outcome is kept.
		answer.catch(() => answered.delete(id));
		if (answered.size > 1_000) answered.delete(answered.keys().next().value ?? "");
		return answer;
	};

	const server = createServer(async (request, response) => {
		const answer = await route(request, stopOnce).catch((error: unknown) =>
			failure(500, "failed", String(error)),
		);
		response
			.writeHead(answer.status, { "content-type": "application/json" })
			.end(JSON.stringify(answer.body));
	});
	return new Promise((resolve, reject) => {
		server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
	});
}

async function route(request: IncomingMessage, stopOnce: (order: Order) => Promise<Answer>): Promise<Answer> {
	const { method = "", url = "/" } = request;
	const key = request.headers["idempotency-key"];
	if (method === "GET" && url === "/health") return { status: 200, body: { status: "ok" } };
	const [, town, agent] = /^\/towns\/([^/]+)\/agents\/([^/]+)\/stop$/.exec(url) ?? [];
	if (method !== "POST" || !town || !agent) return failure(404, "not_found", `No ${method} ${url} here.`);
	if (typeof key !== "string" || key === "") return failure(400, "no_key", "Idempotency-Key is missing.");
	const attempt = attemptIn(await text(request));
	return stopOnce({ town: decodeURIComponent(town), agent: decodeURIComponent(agent), attempt, key });
}

/** The attempt that the body names; null where it names none. Throws where it is not JSON. */
function attemptIn(body: string): string | null {
	if (body === "") return null;
	const { attempt_id } = JSON.parse(body) as { attempt_id?: unknown };
	return typeof attempt_id === "string" ? attempt_id : null;
}
