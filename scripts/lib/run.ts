import { spawn } from "node:child_process";
import { signalGroup } from "./children.ts";
import { QUIET, ROOT } from "./settings.ts";

const MINUTE = 60_000;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs a program in the project's folder with its output shown; true when it ends with 0. One that has not ended after
 * `limitMinutes` is killed with all that it started, and has not passed: a hang is told, not waited for.
 */
export function passes(
	program: string,
	args: string[],
	{ env = {}, limitMinutes = 30 }: { env?: NodeJS.ProcessEnv; limitMinutes?: number } = {},
): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			cwd: ROOT,
			stdio: "inherit",
			env: { ...process.env, ...QUIET, ...env },
			detached: true,
		});
		const pass = (signal: NodeJS.Signals) => signalGroup(child, signal);
		for (const signal of SIGNALS) process.on(signal, pass);
		const timer = setTimeout(() => {
			console.error(`${program} ${args[0] ?? ""} did not end within ${limitMinutes} minutes: killed.`);
			signalGroup(child, "SIGKILL");
		}, limitMinutes * MINUTE);
		const end = (passed: boolean) => {
			clearTimeout(timer);
			for (const signal of SIGNALS) process.off(signal, pass);
			resolve(passed);
		};
		child.once("error", (error) => {
			console.error(`${program}: ${error.message}`);
			end(false);
		});
		child.once("exit", (code) => end(code === 0));
	});
}
