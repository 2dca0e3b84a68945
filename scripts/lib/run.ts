import { spawn } from "node:child_process";
import { QUIET, ROOT } from "./settings.ts";

/** Runs a program in the project's folder with its output shown; true when it ends with 0. */
export function passes(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			cwd: ROOT,
			stdio: "inherit",
			env: { ...process.env, ...QUIET, ...env },
		});
		child.once("error", (error) => {
			console.error(`${program}: ${error.message}`);
			resolve(false);
		});
		child.once("exit", (code) => resolve(code === 0));
	});
}
