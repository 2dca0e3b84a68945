// Runs one git command with its output passed through, and tells the control server how it ended (CONTAINER-6).
import { spawn } from "node:child_process";

const { GASTOWN_REAL_GIT = "git", GASTOWN_CONTROL_URL, GASTOWN_AGENT_TOKEN } = process.env;
const [verb, ...args] = process.argv.slice(2);
/** More of a command's words is of no use in a journal. */
const KEPT = 8_000;

const begin = performance.now();
const child = spawn(GASTOWN_REAL_GIT, args, { stdio: ["inherit", "pipe", "pipe"] });
let said = "";
for (const name of ["stdout", "stderr"]) {
	child[name].setEncoding("utf8").on("data", (text) => {
		process[name].write(text);
		if (name === "stderr" || verb === "merge" || verb === "pull") said = (said + text).slice(-KEPT);
	});
}
const [code, signal] = await new Promise((resolve) => {
	child.once("error", (error) => {
		process.stderr.write(`${error.message}\n`);
		resolve([127, null]);
	});
	child.once("close", (...end) => resolve(end));
});
await fetch(`${GASTOWN_CONTROL_URL}/agent-api/git-operations`, {
	method: "POST",
	headers: { authorization: `Bearer ${GASTOWN_AGENT_TOKEN}`, "content-type": "application/json" },
	body: JSON.stringify({
		verb,
		command: `git ${args.join(" ")}`.slice(0, 2_000),
		exit_code: code,
		output: said,
		duration_ms: Math.round(performance.now() - begin),
	}),
	signal: AbortSignal.timeout(5_000),
}).catch((error) => process.stderr.write(`git: this could not be told to the town: ${error.message}\n`));
if (signal) process.kill(process.pid, signal);
process.exitCode = code ?? 1;
