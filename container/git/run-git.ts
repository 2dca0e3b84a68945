import { spawn } from "node:child_process";

export type GitRun = { code: number | null; stdout: string; stderr: string; ms: number };

/** Nothing of git's takes longer: a forge that hangs must not keep an agent from being told so. */
const TIMEOUT_MS = 120_000;

/** Runs real git in a folder to its end. `code` null: it was killed, for a signal or the time. Rejects where git is not there. */
export function runGit(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<GitRun> {
	const begin = performance.now();
	return new Promise((resolve, reject) => {
		const child = spawn("git", args, {
			...{ cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT_MS, killSignal: "SIGKILL" },
		});
		let stdout = "";
		let stderr = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			stderr += text;
		});
		child.once("error", reject);
		child.once("close", (code) => {
			if (code === null) stderr += `git ${args[0]} did not end within ${TIMEOUT_MS / 1000} s\n`;
			resolve({ code, stdout, stderr, ms: Math.round(performance.now() - begin) });
		});
	});
}

/** What a git command came to, by its exit code and words: `denied` where the forge would not let it. */
export function outcomeOf({
	code,
	stdout,
	stderr,
}: Pick<GitRun, "code" | "stdout" | "stderr">): "ok" | "failed" | "conflict" | "denied" {
	if (code === 0) return "ok";
	const said = `${stderr}\n${stdout}`;
	if (/^CONFLICT |Automatic merge failed/m.test(said)) return "conflict";
	if (DENIED.test(said)) return "denied";
	return "failed";
}

/** GitHub's and git's own words for no, bad and expired credentials; a private repository without access is "not found". */
const DENIED =
	/Authentication failed|Invalid username or token|could not read (?:Username|Password)|returned error: 40[13]|Write access to repository not granted|Permission to .* denied|Repository not found/i;
