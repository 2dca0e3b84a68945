import { mkdirSync } from "node:fs";
import { wait } from "../wait.ts";
import { type AgentProcess, startProcess } from "./agent-process.ts";
import type { AgentSession, LaunchAgent, LaunchOptions, SdkEvent } from "./agent-session.ts";
import { type Kind, modelName } from "./kinds/kind.ts";
import { scripted } from "./kinds/scripted.ts";
import { kilo, opencode } from "./kinds/served.ts";
import { mustBeKnown } from "./known-model.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { Prompts } from "./prompts.ts";
import { SdkClient, SdkError, sessionOf } from "./sdk-client.ts";

const KINDS: Record<LaunchOptions["kind"], Kind> = { scripted, opencode, kilo };
/** Before a connection that broke is made again, while the process lives. */
const RECONNECT_MS = 200;
/** For one that starts alone: in its line, so that a start that has its turn has time enough, and from then on. */
const IN_LINE_MS = 60_000;
const STARTS_MS = 55_000;
/** A turn ends within this before its process is asked to. */
const ABORTS_MS = 2_000;

const inTurn = oneAtATime();

export const launchAgent: LaunchAgent = (options) => {
	const kind = KINDS[options.kind];
	if (!kind.startsAlone) return launch(kind, options);
	const within = (ms: number) => AbortSignal.any([options.signal, AbortSignal.timeout(ms)]);
	return inTurn(within(IN_LINE_MS), () => launch(kind, { ...options, signal: within(STARTS_MS) }));
};

async function launch(kind: Kind, options: LaunchOptions): Promise<AgentSession> {
	const { order, home, modelUrl } = options;
	await mustBeKnown(order.model, modelUrl);
	mkdirSync(home, { recursive: true });
	const { program, args, env, authorization } = kind.command({ model: order.model, home, modelUrl });
	const server = startProcess(
		{ program, args, env: { ...options.env, ...env }, cwd: options.workdir },
		options.onLine,
	);
	const abort = () => void server.end("kill");
	options.signal.addEventListener("abort", abort, { once: true });
	try {
		const client = new SdkClient(await server.url, options.workdir, authorization);
		const session = await openSession(server, client, options);
		options.signal.throwIfAborted();
		return session;
	} catch (error) {
		await server.end("kill");
		throw options.signal.aborted ? new Error(`Its start was broken off: ${why(options.signal)}`) : error;
	} finally {
		options.signal.removeEventListener("abort", abort);
	}
}

const why = ({ reason }: AbortSignal): string =>
	reason.name === "TimeoutError" ? "it took too long" : reason.message;

async function openSession(
	server: AgentProcess,
	client: SdkClient,
	{ order, onEvent }: LaunchOptions,
): Promise<AgentSession> {
	let model = order.model;
	let system = order.system_prompt;
	const prompts = new Prompts((text) =>
		client.ask("POST", `/session/${session}/prompt_async`, {
			...{ parts: [{ type: "text", text }], system, model: modelName(model) },
		}),
	);
	let session = "";
	let alive = true;
	/** Before the session has a name, nothing is known to be its own. */
	const early: SdkEvent[] = [];
	const take = (event: SdkEvent) => {
		if (session === "") early.push(event);
		if (session === "" || sessionOf(event) !== session) return;
		prompts.saw(event);
		onEvent(event);
	};
	let line = client.listen(take);
	await line.connected;
	const listening = (async () => {
		for (;;) {
			await line.ended;
			if (!alive) return;
			await wait(RECONNECT_MS, new AbortController().signal);
			if (!alive) return;
			line = client.listen(take);
			await line.connected.then(() => refetch(client, session, onEvent)).catch(() => undefined);
		}
	})();

	void server.ended.then(() => prompts.close());
	session = await resumeOrMake(client, order.name);
	for (const event of early.splice(0)) take(event);
	await prompts.put(order.prompt);

	let reason: string | null = null;
	const ended = (async () => {
		const end = await server.ended;
		alive = false;
		// What it said last may still be on its way.
		await Promise.race([line.ended, wait(1_000, new AbortController().signal)]);
		line.close();
		await listening;
		return { ...end, reason: reason ?? (end.signal ? `killed by ${end.signal}` : `exit code ${end.code}`) };
	})();
	return {
		...{ pid: server.pid, serverPort: client.port, sessionId: session, ended },
		prompt: (text) => prompts.put(text),
		interrupt: () => client.ask<boolean>("POST", `/session/${session}/abort`, {}),
		answerPermission: (id, reply) => answer(client, session, id, reply),
		setModel: (name) => {
			model = name;
		},
		setSystemPrompt: (text) => {
			system = text;
		},
		async stop(how, why) {
			reason ??= why;
			// One that does not answer, because it is stopped or hangs, is not waited for.
			if (how === "term")
				await Promise.race([
					client.ask("POST", `/session/${session}/abort`, {}).catch(() => undefined),
					wait(ABORTS_MS, new AbortController().signal),
				]);
			await server.end(how);
			return ended;
		},
	};
}

/** The session that its folder knows, so that it goes on with its history; else a new one. */
async function resumeOrMake(client: SdkClient, title: string): Promise<string> {
	const known = await client.ask<{ id: string; parentID?: string; time: { updated: number } }[]>(
		"GET",
		"/session",
	);
	const own = known.filter(({ parentID }) => !parentID).sort((a, b) => b.time.updated - a.time.updated)[0];
	if (own) return own.id;
	return (await client.ask<{ id: string }>("POST", "/session", { title })).id;
}

/** Nothing is sent again after a connection broke: the session is told anew as snapshots (sdk-events.md §1). */
async function refetch(
	client: SdkClient,
	session: string,
	onEvent: (event: SdkEvent) => void,
): Promise<void> {
	type Stored = { info: object; parts: object[] };
	const messages = await client.ask<Stored[]>("GET", `/session/${session}/message`);
	const say = (type: string, properties: object) =>
		onEvent({ at: Date.now(), id: null, type, properties: { sessionID: session, ...properties } });
	for (const { info, parts } of messages) {
		say("message.updated", { info });
		for (const part of parts) say("message.part.updated", { part });
	}
}

async function answer(client: SdkClient, session: string, id: string, reply: string): Promise<boolean> {
	const pending = await client
		.ask<{ id: string; sessionID: string }[]>("GET", "/permission")
		.catch(() => [{ id, sessionID: session }]);
	if (!pending.some((one) => one.id === id)) return false;
	try {
		await client.ask("POST", `/permission/${id}/reply`, { reply });
		return true;
	} catch (error) {
		if (error instanceof SdkError && error.status === 404) return false;
		throw error;
	}
}
