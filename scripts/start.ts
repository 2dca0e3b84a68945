import { type App, startApp } from "./lib/app.ts";
import { settingsFrom } from "./lib/settings.ts";

/** `npm start`: everything on this machine, until Ctrl-C. */
async function main(): Promise<void> {
	const settings = settingsFrom(process.env);
	const started = Date.now();
	let app: App | undefined;
	let ending: Promise<void> | undefined;

	const end = (code: number) => {
		ending ??= (async () => {
			say("Ending …");
			await app?.stop();
			say("Ended. State is kept; `npm run reset` forgets it.");
			process.exit(code);
		})();
	};
	process.on("SIGINT", () => end(0));
	process.on("SIGTERM", () => end(0));
	process.on("SIGHUP", () => end(0));

	const starting = startApp({
		settings,
		say,
		onDeath: (child, code) => {
			console.error(`\nThe ${child.name} ended by itself (${code}). Its last words:\n${child.output()}`);
			end(1);
		},
		onLine: (program, line) => {
			if (process.env.TOWNWATCH_VERBOSE || program === "container") console.log(`  ${program}: ${line}`);
		},
	});
	app = await starting;
	if (ending) return;
	console.log(`\n  Townwatch is ready after ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
	console.log(`  ➜  ${settings.url}\n`);
	console.log("  Sign in as one of the admins listed there. Ctrl-C ends everything.\n");
}

function say(line: string): void {
	console.log(`  ${line}`);
}

await main().catch((error: unknown) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
