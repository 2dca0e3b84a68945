import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { json } from "node:stream/consumers";
import { findGit } from "../../../container/git/find-git.ts";
import { ensureRepository, gitIn } from "../../../local/forge/repository.ts";
import { ScriptedModel } from "../../../local/model/scripted-model.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

export type Event = { id: string; type: string; properties: Record<string, unknown> };
export type Called = { path: string; body: Record<string, unknown> };

/** A bare repository, a worktree of it, a scripted model, an agent API that says yes, and the scripted agent's process. */
export type Bench = {
	dir: string;
	bare: string;
	work: string;
	model: ScriptedModel;
	calls: Called[];
	/** What the agent API answers to a path; 200 `{}` where nothing is set. */
	answers: Map<string, { status: number; body: object }>;
	start(env?: Record<string, string>): Promise<Agent>;
	end(): Promise<void>;
};

export type Agent = {
	child: ChildProcess;
	url: string;
	events: Event[];
	session: string;
	ended: Promise<{ code: number | null; signal: string | null }>;
	post(path: string, body?: object): Promise<unknown>;
	get(path: string): Promise<unknown>;
	/** Resolves when an event is there of which this is true. */
	until(what: string, is: (event: Event) => boolean, from?: number): Promise<Event>;
	prompt(text: string): Promise<void>;
	idle(from?: number): Promise<Event>;
};

export async function agentBench(branch: string): Promise<Bench> {
	const dir = mkdtempSync(join(tmpdir(), "townwatch-agent-"));
	const bare = join(dir, "shop.git");
	const work = join(dir, "work");
	await ensureRepository(bare);
	await gitIn(dir, "clone", "--quiet", bare, work);
	await gitIn(work, "checkout", "--quiet", "-b", branch);
	const model = new ScriptedModel({ deltaMs: 0, stepMs: 0 });
	const calls: Called[] = [];
	const answers: Bench["answers"] = new Map();
	const api = await listen(
		createServer(async (request, response) => {
			if (request.url?.startsWith("/v1/")) return model.handle(request, response);
			const path = (request.url ?? "").replace("/agent-api/", "");
			calls.push({ path, body: (await json(request)) as Record<string, unknown> });
			const { status, body } = answers.get(path) ?? { status: 200, body: {} };
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		}),
	);
	const base = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
	const agents: Agent[] = [];
	return {
		...{ dir, bare, work, model, calls, answers },
		async start(env = {}) {
			const agent = await startAgent(work, {
				PATH: `${join(ROOT, "container/bin")}:${process.env.PATH}`,
				MODEL_URL: `${base}/v1`,
				AGENT_HOME: join(dir, "home"),
				AGENT_RETRY_MS: "20",
				GASTOWN_CONTROL_URL: base,
				GASTOWN_AGENT_TOKEN: "test",
				GASTOWN_REAL_GIT: findGit(process.env.PATH),
				GASTOWN_NODE: process.execPath,
				GASTOWN_BRANCH: branch,
				GASTOWN_TARGET: "main",
				GIT_AUTHOR_NAME: "Toast",
				GIT_AUTHOR_EMAIL: "toast@townwatch.example",
				GIT_COMMITTER_NAME: "Toast",
				GIT_COMMITTER_EMAIL: "toast@townwatch.example",
				...env,
			});
			agents.push(agent);
			return agent;
		},
		async end() {
			for (const { child, ended } of agents) {
				if (child.exitCode === null) child.kill("SIGKILL");
				await ended;
			}
			api.closeAllConnections();
			await new Promise((resolve) => api.close(resolve));
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

async function startAgent(work: string, env: Record<string, string>): Promise<Agent> {
	const child = spawn(process.execPath, [join(ROOT, "container/scripted-agent/main.ts")], {
		...{ cwd: work, env, stdio: ["ignore", "pipe", "inherit"] },
	});
	const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
		child.once("exit", (code, signal) => resolve({ code, signal })),
	);
	const url = await new Promise<string>((resolve, reject) => {
		let text = "";
		child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
			text += chunk;
			const found = /listening on (\S+)/.exec(text)?.[1];
			if (found) resolve(found);
		});
		child.once("exit", () => reject(new Error(`the agent ended: ${text}`)));
	});
	const events: Event[] = [];
	const heard = new EventTarget();
	const stream = await fetch(`${url}/event`);
	const reading = (async () => {
		let rest = "";
		const decoder = new TextDecoder();
		for await (const chunk of stream.body as ReadableStream<Uint8Array>) {
			const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
			rest = blocks.pop() ?? "";
			for (const block of blocks) events.push(JSON.parse(block.slice(6)) as Event);
			heard.dispatchEvent(new Event("more"));
		}
	})().catch(() => undefined);
	void reading;
	const get = async (path: string) => (await fetch(url + path)).json();
	const post = async (path: string, body: object = {}) => {
		const response = await fetch(url + path, {
			...{ method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } },
		});
		return response.status === 204 ? null : response.json();
	};
	const known = (await get("/session")) as { id: string }[];
	const { id: session } =
		known[0] ?? ((await post(`/session?directory=${encodeURIComponent(work)}`)) as { id: string });
	const until: Agent["until"] = async (what, is, from = 0) => {
		const deadline = Date.now() + 20_000;
		for (;;) {
			const found = events.slice(from).find(is);
			if (found) return found;
			if (Date.now() > deadline) throw new Error(`not seen: ${what}`);
			await Promise.race([
				new Promise((resolve) => heard.addEventListener("more", resolve, { once: true })),
				new Promise((resolve) => setTimeout(resolve, 500)),
			]);
		}
	};
	return {
		...{ child, url, events, session, ended, post, get, until },
		prompt: async (text) => {
			await post(`/session/${session}/prompt_async`, {
				parts: [{ type: "text", text }],
				system: "You are Toast.",
			});
		},
		idle: (from) => until("idle", ({ type }) => type === "session.idle", from),
	};
}

export function listen(server: Server): Promise<Server> {
	return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
