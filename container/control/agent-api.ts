import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { readGitUrl } from "../../shared/gastown/git-url.ts";
import { isMethod, METHODS } from "../../shared/ingest/index.ts";
import { outcomeOf } from "../git/run-git.ts";
import type { RunningAgent } from "../process/running-agent.ts";
import type { Supervisor } from "../process/supervisor.ts";
import type { Reporter } from "../report/reporter.ts";
import type { WorkerAnswer, WorkerClient } from "../report/worker-client.ts";
import { type Answer, failure, okay, Refusal, readBody } from "./answer.ts";
import type { Tokens } from "./tokens.ts";

export type AgentApiOptions = {
	supervisor: Supervisor;
	tokens: Tokens;
	worker: WorkerClient;
	reporter: Reporter;
};

const operation = z.strictObject({
	verb: z.string(),
	command: z.string(),
	exit_code: z.number().nullable(),
	output: z.string(),
	duration_ms: z.number(),
});
const credential = z.strictObject({ host: z.string(), path: z.string() });
const pull = z.strictObject({
	title: z.string().min(1),
	body: z.string(),
	head: z.string().min(1),
	base: z.string().min(1),
});

/** Methods with which an agent says that it is through with its bead. */
const HANDS_IN = ["agentDone", "completeReview", "requestChanges"];
/** What an agent may call of its town: its own work, and work for others. */
const ALLOWED = [
	...HANDS_IN, "setAgentStatusMessage", "routeEscalation", "createBead", "slingConvoy", "startConvoy", "listBeads", "listRigs",
	"resolveTriage",
]; // biome-ignore format: a list

/** An agent's call waits so long for a town that cannot be reached, asking again this often; its shell waits two minutes. */
const TOWN_AWAY_MS = 60_000;
const TOWN_RETRY_MS = 500;

/** The agents' side of the control server: each acts by its own token, and only as itself. */
export class AgentApi {
	readonly #options: AgentApiOptions;
	/** Of the container's own git. */
	readonly #ownToken: string;

	constructor(options: AgentApiOptions, ownToken: string) {
		this.#options = options;
		this.#ownToken = ownToken;
	}

	async answer(path: string, request: IncomingMessage): Promise<Answer> {
		const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
		if (path === "git-credential") return this.#credential(token, request);
		const agent = this.#options.supervisor.byToken(token);
		if (!agent) return failure(401, "no_agent", "This is no token of an agent that runs here.");
		if (path === "git-operations") return this.#operation(agent, request);
		if (path === "pull-requests") return this.#pull(agent, request);
		const method = /^gastown\/(\w+)$/.exec(path)?.[1];
		if (!method || !ALLOWED.includes(method))
			return failure(404, "no_such_method", `Agents cannot call ${path}.`);
		return this.#method(agent, method, request);
	}

	/** Arguments that say who acts, and on what, are the container's to fill in. */
	async #method(agent: RunningAgent, method: string, request: IncomingMessage): Promise<Answer> {
		if (!isMethod(method)) return failure(404, "no_such_method", `There is no method ${method}.`);
		const { agent_id, bead_id } = agent.order;
		const said = await readBody(request, z.record(z.string(), z.unknown()));
		const schema = METHODS[method];
		const shape: object = "shape" in schema ? (schema.shape as object) : {};
		const args = {
			...said,
			...("agent_id" in shape ? { agent_id } : {}),
			...("entry_id" in shape ? { entry_id: bead_id } : {}),
			...("created_by" in shape ? { created_by: agent_id } : {}),
			...(method === "routeEscalation" ? { bead_id } : {}),
		};
		const { status, body } = await this.#post(`gastown/${method}`, JSON.stringify(args));
		if (status === 0) return failure(503, "unreachable", "The town cannot be reached just now.");
		if (status < 300 && HANDS_IN.includes(method)) this.#options.supervisor.handedIn(agent);
		return { status, body };
	}

	/** A worker that is just restarted is waited for: what an agent has to say is said once, and its work hangs on it. */
	async #post(path: string, text: string): Promise<WorkerAnswer> {
		const deadline = Date.now() + TOWN_AWAY_MS;
		for (;;) {
			const answer = await this.#options.worker.post(path, text);
			if (answer.status !== 0 || Date.now() > deadline) return answer;
			await new Promise((resolve) => setTimeout(resolve, TOWN_RETRY_MS));
		}
	}

	async #operation(agent: RunningAgent, request: IncomingMessage): Promise<Answer> {
		const said = await readBody(request, operation);
		const outcome = outcomeOf({ code: said.exit_code, stdout: said.output, stderr: "" });
		const { rig, agent_id, bead_id } = agent.order;
		this.#options.reporter.report("git-operations", {
			operation: operationOf(said.verb, outcome),
			...{ rig_id: rig?.id ?? null, agent_id, bead_id, command: said.command, outcome },
			...{ exit_code: said.exit_code, stderr: said.output.trim() || null, duration_ms: said.duration_ms },
		});
		return okay({});
	}

	async #credential(token: string, request: IncomingMessage): Promise<Answer> {
		const { supervisor, tokens } = this.#options;
		const agent = supervisor.byToken(token);
		if (!agent && token !== this.#ownToken)
			return failure(401, "no_agent", "This is no token of an agent that runs here.");
		const { host, path } = await readBody(request, credential);
		const found = tokens.forPlace(host, path);
		if (!found || (agent && agent.order.rig?.id !== found.rig_id))
			return failure(404, "no_credential", `There is no token for ${host}/${path}.`);
		return okay({ username: "x-access-token", password: found.token });
	}

	async #pull(agent: RunningAgent, request: IncomingMessage): Promise<Answer> {
		const { tokens } = this.#options;
		const rig = agent.order.rig;
		const place = rig && readGitUrl(rig.git_url);
		const token = rig && tokens.git(rig.id);
		if (!place || !token)
			throw new Refusal(409, "no_token", "There is no token for this repository's forge.");
		const body = await readBody(request, pull);
		const ask = async <T>(path: string, init: RequestInit = {}) => {
			const response = await fetch(`${place.apiBase}/repos/${place.owner}/${place.name}/pulls${path}`, {
				...init,
				headers: { authorization: `Bearer ${token.token}`, "content-type": "application/json" },
				signal: AbortSignal.timeout(15_000),
			});
			return { status: response.status, body: (await response.json().catch(() => null)) as T | null };
		};
		const opened = await ask<{ html_url?: string; message?: string }>("", {
			method: "POST",
			body: JSON.stringify(body),
		});
		if (opened.status < 300 && opened.body?.html_url) return okay({ url: opened.body.html_url });
		// One is there: its address is what the agent needs to go on.
		const there =
			opened.status === 422
				? await ask<OpenPull[]>(`?state=open&head=${encodeURIComponent(`${place.owner}:${body.head}`)}`)
				: null;
		const known = there?.status === 200 ? there.body?.find(({ head }) => head.ref === body.head) : undefined;
		if (known)
			return failure(409, "exists", `A pull request already exists for ${body.head}: ${known.html_url}`);
		return failure(502, "forge", `The forge answered ${opened.status}: ${opened.body?.message ?? ""}`);
	}
}

type OpenPull = { html_url: string; head: { ref: string } };

function operationOf(verb: string, outcome: string): "clone" | "fetch" | "push" | "merge" {
	if (verb === "clone" || verb === "push" || verb === "merge") return verb;
	return verb === "pull" && outcome === "conflict" ? "merge" : "fetch";
}
