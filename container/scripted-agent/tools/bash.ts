import { spawn } from "node:child_process";
import type { Tool } from "../types.ts";

const TIMEOUT_MS = 120_000;
/** What the model and the stream get of an output; real agents cap it likewise. */
const OUTPUT_CHARACTERS = 30_000;
const PROGRESS_MS = 250;

export const bash: Tool = {
	description: "Runs a command in the working directory.",
	parameters: {
		type: "object",
		properties: {
			command: { type: "string" },
			description: { type: "string" },
			timeout: { type: "number", description: "milliseconds" },
		},
		required: ["command"],
	},
	async run(input, { cwd, signal, progress, ask }) {
		const command = String(input.command ?? "");
		const description = String(input.description ?? command);
		await ask("bash", [command], { command });
		const child = spawn("bash", ["-c", command], { cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
		let output = "";
		let told = 0;
		const take = (chunk: string) => {
			if (output.length < OUTPUT_CHARACTERS) output += chunk.slice(0, OUTPUT_CHARACTERS - output.length);
			if (Date.now() - told < PROGRESS_MS) return;
			told = Date.now();
			progress({ output, description });
		};
		child.stdout.setEncoding("utf8").on("data", take);
		child.stderr.setEncoding("utf8").on("data", take);
		progress({ output: "", description });
		let why: string | null = null;
		const end = (reason: string) => {
			why ??= reason;
			// Its whole group: a command may have started others.
			if (child.pid) process.kill(-child.pid, "SIGKILL");
		};
		const timer = setTimeout(() => end("timed out"), Number(input.timeout ?? TIMEOUT_MS));
		const abort = () => end("aborted");
		signal.addEventListener("abort", abort, { once: true });
		const exit = await new Promise<number | null>((resolve, reject) => {
			child.once("error", reject);
			child.once("close", (code) => resolve(code));
		}).finally(() => {
			clearTimeout(timer);
			signal.removeEventListener("abort", abort);
		});
		if (why) output += `\n\n<shell_metadata>\nCommand ${why}\n</shell_metadata>`;
		const shown = output === "" ? "(no output)" : output;
		return {
			title: description,
			output: shown,
			metadata: {
				output: shown,
				exit: why ? null : exit,
				description,
				truncated: output.length >= OUTPUT_CHARACTERS,
			},
		};
	},
};
