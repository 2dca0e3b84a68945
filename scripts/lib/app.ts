import { resolve } from "node:path";
import { demoPeople, PEOPLE, type Person } from "../../local/people.ts";
import { type DevIssuer, startDevIssuer } from "../dev-issuer.ts";
import type { FetchedKind } from "./agent-packages.ts";
import { buildIfStale } from "./build.ts";
import { type Child, startNode } from "./children.ts";
import { prepareDatabase } from "./database.ts";
import { requirePorts } from "./ports.ts";
import { QUIET, type Settings } from "./settings.ts";

export type AppOptions = {
	settings: Settings;
	/** Ids of the demo's towns to run; all of them where it is left out. */
	towns?: string[];
	/** How the model paces itself, milliseconds; none where it is left out. */
	pace?: { deltaMs: number; stepMs: number };
	/** What runs the agents; the scripted ones where it is left out. */
	agents?: Agents;
	/** More environment for the local world and its containers (tests). */
	localEnv?: Record<string, string>;
	/** More environment for the worker (tests). */
	workerEnv?: Record<string, string>;
	/** Who may sign in besides the demo's people. */
	people?: Person[];
	/** Ends everything also while it is starting: `startApp` rejects when nothing of it runs any more. */
	signal?: AbortSignal;
	/** Told what happens, in one line each. */
	say: (line: string) => void;
	/** Told when one of the programs ends by itself. */
	onDeath?: (child: Child, code: number | string) => void;
	/** Lines of the worker and the player, for a log. */
	onLine?: (program: string, line: string) => void;
};

/** A kind of agents that was fetched: its program, and the PATH of what it runs. */
export type Agents = { kind: FetchedKind; binary: string; path: string };

export type App = {
	settings: Settings;
	/** Ends everything that was started; resolves when nothing of it runs any more. */
	stop(): Promise<void>;
	/** Kills the worker's process in the middle of whatever it does. */
	killWorker(): Promise<void>;
	/** Starts the worker again on the same port and state. */
	startWorker(): Promise<void>;
	/** URL of the local world: below `/admin` tests and drills break and mend it. */
	local: string;
};

/**
 * Builds, migrates, starts the issuer, the worker with its page, and the local world with its containers. Throws with a plain sentence, and
 * then nothing that it started runs any more.
 */
export async function startApp(options: AppOptions): Promise<App> {
	const { settings, say, people = [] } = options;
	const failed = new AbortController();
	const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
	await requirePorts({
		"worker and page": settings.port,
		"development sign-in": settings.issuerPort,
		"local world": settings.localPort,
		"local forge": settings.forgePort,
	});
	say("Building what has changed, preparing the database …");
	const preparing = [
		buildIfStale(signal),
		prepareDatabase(settings.state, demoPeople(people), signal),
	] as const;
	const [built] = await Promise.all(preparing).catch(async (error: unknown) => {
		failed.abort(error);
		await Promise.allSettled(preparing);
		throw error;
	});
	say(built ? "Built page and worker." : "Page and worker are up to date.");

	const children = new Map<string, Child>();
	let stopping = false;
	let issuer: DevIssuer | undefined;
	const start = (name: string, args: string[], env: NodeJS.ProcessEnv) => {
		const child = startNode(name, args, { env, onLine: (line) => options.onLine?.(name, line) });
		children.set(name, child);
		child.ended.then((code) => {
			if (!stopping && children.get(name) === child) options.onDeath?.(child, code);
		});
		return child;
	};
	const stop = async () => {
		stopping = true;
		// The containers first, so that it does not report to a worker that has gone.
		for (const name of ["local", "worker"]) await children.get(name)?.stop();
		await issuer?.close();
	};
	const startWorker = async () => {
		const worker = start("worker", ["scripts/serve.ts", "--port", String(settings.port)], workerEnv(options));
		await answers(`${settings.url}/api/health`, worker, signal);
	};

	try {
		issuer = await startDevIssuer({
			...{ port: settings.issuerPort, appUrl: settings.url, audience: settings.secrets.ACCESS_AUD },
			identities: [...PEOPLE, ...people].flatMap(({ email, name, signIn }) =>
				signIn ? [{ email, name, note: signIn }] : [],
			),
		});
		await startWorker();
		say("The worker answers.");
		const local = start("local", ["local/main.ts"], localEnv(options));
		await answers(`${localUrl(settings)}/health`, local, signal);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		settings,
		stop,
		startWorker,
		local: localUrl(settings),
		killWorker: async () => {
			const worker = children.get("worker");
			children.delete("worker");
			await worker?.kill();
		},
	};
}

const localUrl = (settings: Settings): string => `http://127.0.0.1:${settings.localPort}`;

function workerEnv({ settings, agents, workerEnv }: AppOptions): NodeJS.ProcessEnv {
	return {
		...process.env,
		...QUIET,
		...settings.secrets,
		// Worker variables: those that wrangler.toml names are taken from the environment.
		ENVIRONMENT: "development",
		ACCESS_TEAM_DOMAIN: `http://127.0.0.1:${settings.issuerPort}`,
		CONTAINER_PLATFORM_URL: `${localUrl(settings)}/platform`,
		GIT_TOKEN_SERVICE_URL: `${localUrl(settings)}/tokens`,
		PUBLIC_URL: settings.url,
		AGENT_KIND: agents?.kind ?? "scripted",
		TOWNWATCH_STATE: settings.state,
		// Else two running copies would find each other's worker by its name.
		WRANGLER_REGISTRY_PATH: resolve(settings.state, "registry"),
		...workerEnv,
	};
}

const localEnv = ({ settings, towns, pace, agents, localEnv }: AppOptions): NodeJS.ProcessEnv => ({
	...process.env,
	...(towns ? { TOWNS: towns.join(",") } : {}),
	TOWNWATCH_URL: settings.url,
	LOCAL_PORT: String(settings.localPort),
	FORGE_PORT: String(settings.forgePort),
	LOCAL_STATE: resolve(settings.state, "local"),
	CONTAINER_TOKEN_SECRET: settings.secrets.CONTAINER_TOKEN_SECRET,
	MODEL_DELTA_MS: String(pace?.deltaMs ?? 0),
	MODEL_STEP_MS: String(pace?.stepMs ?? 0),
	AGENT_KIND: agents?.kind ?? "scripted",
	...(agents ? { AGENT_BINARY: agents.binary, PATH: agents.path } : {}),
	...localEnv,
});

/** Waits until this URL answers with 200; throws with the program's last words when it ends first or takes over a minute. */
async function answers(url: string, child: Child, signal: AbortSignal): Promise<void> {
	const deadline = Date.now() + 60_000;
	let ended: number | string | null = null;
	child.ended.then((code) => {
		ended = code;
	});
	for (;;) {
		signal.throwIfAborted();
		if (ended !== null)
			throw new Error(`The ${child.name} ended (${ended}) before it answered:\n${child.output()}`);
		if (Date.now() > deadline)
			throw new Error(`The ${child.name} did not answer ${url} within a minute:\n${child.output()}`);
		const patience = AbortSignal.any([signal, AbortSignal.timeout(2_000)]);
		const response = await fetch(url, { signal: patience }).catch(() => null);
		await response?.body?.cancel();
		if (response?.ok) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
