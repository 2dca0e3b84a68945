import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { json } from "node:stream/consumers";
import { Forge } from "../../../local/forge/forge.ts";
import { ScriptedModel } from "../../../local/model/scripted-model.ts";
import { TokenService } from "../../../local/tokens/token-service.ts";
import type { StartAgent } from "../../../shared/control/index.ts";
import { taskPrompt } from "../../../shared/gastown/prompts.ts";
import { listen } from "./agent.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
export const REPOSITORY = "olive/shop";

type Body = Record<string, unknown>;
export type Told = { path: string; body: Body };

/** A container process with a forge, a token service and a model around it, and a worker that only listens. */
export async function containerBench(env: Record<string, string> = {}) {
	const dir = mkdtempSync(join(tmpdir(), "townwatch-container-"));
	const tokens = new TokenService(join(dir, "tokens.json"));
	const forge = await Forge.start({ root: join(dir, "repositories"), tokens, port: 0 });
	await forge.ensure(REPOSITORY);
	tokens.put({ id: "app", repositories: [REPOSITORY] });
	const model = new ScriptedModel({ deltaMs: 0, stepMs: 0 });
	const models = await listen(createServer((request, response) => model.handle(request, response)));
	const told: Told[] = [];
	const heard = new EventTarget();
	/** Not answered while it is false, as when the worker restarts. */
	const workerIs = { up: true };
	const worker = await listen(
		createServer(async (request, response) => {
			if (!workerIs.up) return void request.destroy();
			const path = (request.url ?? "").replace("/api/towns/t1/container/", "");
			told.push({ path, body: (await json(request)) as Body });
			heard.dispatchEvent(new Event("more"));
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ interval: 50 }));
		}),
	);
	const portOf = (server: typeof worker) => (server.address() as AddressInfo).port;
	const secret = randomBytes(16).toString("hex");
	const processEnv = {
		PATH: process.env.PATH ?? "",
		TOWN_ID: "t1",
		TOWNWATCH_URL: `http://127.0.0.1:${portOf(worker)}`,
		CONTAINER_TOKEN: "test-token",
		CONTROL_SECRET: secret,
		CONTROL_PORT: "0",
		WORK_DIR: join(dir, "work"),
		MODEL_URL: `http://127.0.0.1:${portOf(models)}/v1`,
		SAMPLE_MS: "200",
		DRAIN_MS: "2000",
		AGENT_RETRY_MS: "20",
		...env,
	};

	const start = async (more: Record<string, string> = {}) => {
		const child = spawn(process.execPath, [join(ROOT, "container/main.ts")], {
			...{
				env: { ...processEnv, ...more, INSTANCE_ID: randomUUID() },
				detached: true,
				stdio: ["pipe", "pipe", "pipe"],
			},
		});
		let output = "";
		const ended = new Promise<{ code: number | null; signal: string | null }>((done) =>
			child.once("close", (code, signal) => done({ code, signal })),
		);
		const url = await new Promise<string | null>((done) => {
			const take = (text: string) => {
				output += text;
				const found = /listens on (http\S+?),/.exec(output)?.[1];
				if (found) done(found);
			};
			child.stdout.setEncoding("utf8").on("data", take);
			child.stderr.setEncoding("utf8").on("data", take);
			ended.then(() => done(null));
		});
		const ask = async (
			method: string,
			path: string,
			body?: object,
			key: string = randomUUID(),
			correlation?: string,
		) => {
			const response = await fetch(`${url}${path}`, {
				method,
				headers: {
					authorization: `Bearer ${secret}`,
					"idempotency-key": key,
					"content-type": "application/json",
					...(correlation ? { "x-correlation-id": correlation } : {}),
				},
				...(body ? { body: JSON.stringify(body) } : {}),
			});
			return {
				status: response.status,
				body: (await response.json()) as Body & { error?: { code: string; message: string } },
			};
		};
		return { child, url, ended, ask, output: () => output };
	};

	const until = async (what: string, is: (one: Told) => boolean, ms = 30_000): Promise<Told> => {
		const deadline = Date.now() + ms;
		for (;;) {
			const found = told.find(is);
			if (found) return found;
			if (Date.now() > deadline)
				throw new Error(`not told: ${what}; told were ${told.map(({ path }) => path).join(" ")}`);
			await Promise.race([
				new Promise((done) => heard.addEventListener("more", done, { once: true })),
				new Promise((done) => setTimeout(done, 500)),
			]);
		}
	};

	const order = async (title: string, more: Partial<StartAgent> = {}): Promise<StartAgent> => {
		const resolved = await tokens.resolve("app", REPOSITORY, null);
		if (resolved.status !== 200) throw new Error("no token");
		const branch = `polecat/toast/${randomBytes(3).toString("hex")}`;
		return {
			...{ agent_id: "toast", attempt_id: randomUUID(), bead_id: "b1", role: "polecat", name: "Toast" },
			rig: { id: "r1", name: "shop", git_url: `${forge.url}/${REPOSITORY}.git`, default_branch: "main" },
			...{
				branch,
				base: "main",
				kilo_token: null,
				model: "scripted/m",
				env: {},
				system_prompt: "You are Toast.",
			},
			git_token: { rig_id: "r1", token: resolved.body.token, fingerprint: "12345678", expires_at: null },
			prompt: taskPrompt({
				...{
					role: "polecat",
					title,
					bead: "b1",
					rig: "shop",
					branch,
					target: "main",
					strategy: "direct",
					body: "",
				},
			}),
			...more,
		};
	};

	return {
		...{ dir, forge, tokens, model, told, workerIs, start, until, order },
		of: (path: string) => told.filter((one) => one.path === path).map(({ body }) => body),
		async end() {
			await forge.stop();
			for (const server of [worker, models]) {
				server.closeAllConnections();
				await new Promise((done) => server.close(done));
			}
			rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}
