import { agentKindIn } from "./lib/agent-packages.ts";
import { startApp } from "./lib/app.ts";
import { fetchAgents } from "./lib/fetch-agents.ts";
import { settingsFrom } from "./lib/settings.ts";

/** `npm start`: everything on this machine, until Ctrl-C, which may come while it is starting. */
async function main(): Promise<void> {
	const kind = agentKindIn(process.argv.slice(2));
	const settings = settingsFrom(process.env);
	const started = Date.now();
	const life = new AbortController();

	const end = async (code: number) => {
		if (life.signal.aborted) return;
		say("Ending …");
		life.abort(new Error("ended while starting"));
		// A start that is broken off has ended what it began.
		const app = await starting.catch(() => null);
		await app?.stop();
		say("Ended. State is kept; `npm run reset` forgets it.");
		process.exit(code);
	};
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(0));

	const begin = async () =>
		startApp({
			settings,
			say,
			...(kind === "scripted" ? {} : { agents: await fetchAgents(kind, say, life.signal) }),
			// As slow as a real model, so that there is something to watch.
			pace: { deltaMs: 25, stepMs: 1_200 },
			signal: life.signal,
			onDeath: (child, code) => {
				console.error(`\nThe ${child.name} ended by itself (${code}). Its last words:\n${child.output()}`);
				end(1);
			},
			onLine: (program, line) => {
				if (process.env.TOWNWATCH_VERBOSE || / is alive$/.test(line)) console.log(`  ${program}: ${line}`);
			},
		});
	const starting = begin();
	const app = await starting.catch((error: unknown) => {
		if (!life.signal.aborted) throw error;
		return null;
	});
	if (life.signal.aborted || !app) return;
	console.log(`\n  Townwatch is ready after ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
	console.log(`  ➜  ${settings.url}\n`);
	if (kind !== "scripted") console.log(`  Its agents are run by ${kind}.\n`);
	console.log(`  The users' side of it, to reproduce things with: ${app.local}/user\n`);
	console.log("  Sign in as one of the admins listed there. Ctrl-C ends everything.\n");
}

function say(line: string): void {
	console.log(`  ${line}`);
}

await main().catch((error: unknown) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
