import type { IncomingMessage } from "node:http";
import type { Health } from "../../shared/control/index.ts";
import {
	answerPermission, interruptAgent, mergeBranch, messageAgent, refreshToken, setModel, setSystemPrompt, setupRepo, startAgent,
	stopAgent, syncConfig,
} from "../../shared/control/index.ts"; // biome-ignore format: a list
import { promptHash } from "../../shared/gastown/prompts.ts";
import { GitFailed, type Repo, type Workspace } from "../git/workspace.ts";
import type { RunningAgent } from "../process/running-agent.ts";
import type { Supervisor } from "../process/supervisor.ts";
import type { Reporter } from "../report/reporter.ts";
import type { WorkerClient } from "../report/worker-client.ts";
import type { Settings } from "../settings.ts";
import { type Answer, okay, Refusal, readBody } from "./answer.ts";
import type { Tokens } from "./tokens.ts";

export type Control = {
	settings: Settings;
	supervisor: Supervisor;
	workspace: Workspace;
	tokens: Tokens;
	worker: WorkerClient;
	reporter: Reporter;
	config: { version: string | null; env: Record<string, string> };
	startedAt: number;
};
export type Route = (
	control: Control,
	request: IncomingMessage,
	id: string,
	more: string,
) => Promise<Answer> | Answer;

/** `METHOD /path`, `:id` and a second `:more` stand for anything: what the worker may ask (shared/control). */
export const ROUTES: Readonly<Record<string, Route>> = {
	"GET /health": ({ settings, supervisor, reporter, config, startedAt }) => {
		const agents = supervisor.agents();
		const spool = reporter.waiting();
		return okay({
			status: reporter.isFull ? "degraded" : "ok",
			...{ instance_id: settings.INSTANCE_ID, agents: agents.length, draining: supervisor.draining },
			servers: agents.filter((agent) => agent.session !== null).length,
			...{
				uptime: Math.round((Date.now() - startedAt) / 1_000),
				startedAt: new Date(startedAt).toISOString(),
			},
			...{ mayorReadyAt: supervisor.mayorReadyAt, config_version: config.version },
			spool: { waiting: spool.waiting, bytes: spool.bytes },
		} satisfies Health);
	},
	"POST /agents/start": async ({ supervisor, tokens }, request) => {
		const order = await readBody(request, startAgent);
		if (order.rig) tokens.know(order.rig.id, order.rig.git_url);
		if (order.git_token) tokens.putGit(order.git_token);
		tokens.putKilo(order.kilo_token);
		const agent = await supervisor.start(order);
		const { pid = -1, serverPort = -1, sessionId = "" } = agent.session ?? {};
		return okay({
			...{ agent_id: order.agent_id, pid, server_port: serverPort, session_id: sessionId },
			prompt_hash: agent.promptHash,
		});
	},
	"POST /agents/:id/stop": async ({ supervisor }, request, id) => {
		const { attempt_id, how, reason } = await readBody(request, stopAgent);
		if (!(await supervisor.stop(id, attempt_id, how, reason)))
			throw new Refusal(
				404,
				"no_process",
				`${id} has no process here${attempt_id === null ? "" : " of this attempt"}.`,
			);
		return okay({ stopped: true });
	},
	"POST /agents/:id/interrupt": async ({ supervisor }, request, id) => {
		const { attempt_id } = await readBody(request, interruptAgent);
		const agent = runningFor(supervisor, id, attempt_id);
		// The real servers say yes also where there is nothing to abort.
		const { busy } = agent;
		const aborted = await agent.session?.interrupt();
		return okay({ interrupted: busy && aborted });
	},
	"POST /agents/:id/message": async ({ supervisor }, request, id) => {
		const { prompt } = await readBody(request, messageAgent);
		await running(supervisor, id).session?.prompt(prompt);
		return okay({ delivered: true });
	},
	"GET /agents/:id/status": ({ supervisor }, _, id) => okay(statusOf(found(supervisor, id))),
	"GET /agents/:id/events": ({ supervisor }, request, id) => {
		const after = Number(new URL(request.url ?? "/", "http://control").searchParams.get("after") ?? 0);
		return okay({ events: found(supervisor, id).eventsAfter(after) });
	},
	"POST /agents/:id/permissions/:more": async ({ supervisor }, request, id, permission) => {
		const { attempt_id, reply } = await readBody(request, answerPermission);
		if (!(await runningFor(supervisor, id, attempt_id).session?.answerPermission(permission, reply)))
			throw new Refusal(404, "no_permission", `${permission} is not pending.`);
		return okay({ replied: true });
	},
	"PUT /agents/:id/system-prompt": async ({ supervisor }, request, id) => {
		const { attempt_id, system_prompt } = await readBody(request, setSystemPrompt);
		const agent = runningFor(supervisor, id, attempt_id);
		agent.session?.setSystemPrompt(system_prompt);
		agent.promptHash = promptHash(system_prompt);
		return okay({ prompt_hash: agent.promptHash });
	},
	"PATCH /agents/:id/model": async ({ supervisor }, request, id) => {
		const { attempt_id, model } = await readBody(request, setModel);
		const agent = runningFor(supervisor, id, attempt_id);
		agent.session?.setModel(model);
		agent.model = model;
		return okay({ model });
	},
	/** Git and its helpers ask for the token each time: no agent has to be restarted for a new one. */
	"POST /refresh-token": async ({ tokens, worker }, request) => {
		const { container_token, git_tokens, kilo_token } = await readBody(request, refreshToken);
		if (container_token) worker.token = container_token;
		for (const token of git_tokens) tokens.putGit(token);
		tokens.putKilo(kilo_token ?? null);
		return okay({
			...{ agentsRestarted: 0, agentsFailed: 0, results: [] },
			fingerprints: tokens.fingerprints(worker.token),
		});
	},
	"POST /sync-config": async ({ config }, request) => {
		Object.assign(config, await readBody(request, syncConfig));
		return okay({ version: config.version });
	},
	"POST /repos/setup": async ({ workspace, tokens }, request) => {
		const { rig_id, git_url, default_branch, git_token } = await readBody(request, setupRepo);
		tokens.know(rig_id, git_url);
		if (git_token) tokens.putGit(git_token);
		const repo: Repo = { id: rig_id, name: rig_id, git_url, default_branch };
		await workspace.setupRepo(repo).catch(gitFailed);
		return okay({ ready: true });
	},
	"POST /git/merge": async ({ workspace, tokens }, request) => {
		const { rig_id, branch, target_branch, message } = await readBody(request, mergeBranch);
		const git_url = tokens.url(rig_id);
		if (git_url === null)
			throw new Refusal(409, "no_repository", `Nothing is known of the repository of ${rig_id}.`);
		const repo: Repo = { id: rig_id, name: rig_id, git_url, default_branch: target_branch };
		return okay(await workspace.merge(repo, { branch, target: target_branch, message }).catch(gitFailed));
	},
};

function gitFailed(error: unknown): never {
	if (error instanceof GitFailed) throw new Refusal(502, "git_failed", error.message);
	throw error;
}

function found(supervisor: Supervisor, id: string): RunningAgent {
	const agent = supervisor.find(id);
	if (!agent) throw new Refusal(404, "no_process", `${id} has no process here.`);
	return agent;
}

function running(supervisor: Supervisor, id: string): RunningAgent {
	const agent = found(supervisor, id);
	if (!agent.session) throw new Refusal(409, "starting", `${id} is still being started.`);
	return agent;
}

/** The same where it runs for this attempt: what is meant for one process reaches no newer one. */
function runningFor(supervisor: Supervisor, id: string, attempt: string | null): RunningAgent {
	const agent = running(supervisor, id);
	if (attempt !== null && attempt !== agent.order.attempt_id)
		throw new Refusal(404, "no_process", `${id} runs for another attempt.`);
	return agent;
}

const statusOf = (agent: RunningAgent) => ({
	...{ agentId: agent.order.agent_id, attemptId: agent.order.attempt_id, status: agent.status },
	...{ pid: agent.session?.pid ?? null, serverPort: agent.session?.serverPort ?? null },
	...{ sessionId: agent.session?.sessionId ?? null, startedAt: new Date(agent.startedAt).toISOString() },
	...{ lastActivityAt: new Date(agent.lastEventAt).toISOString(), activeTools: agent.tools() },
	...{ messageCount: agent.messageCount, model: agent.model, promptHash: agent.promptHash },
	exitReason: agent.exitReason,
});
