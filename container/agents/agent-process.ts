import { type ChildProcess, spawn } from "node:child_process";
import { killBearers } from "../process/left-behind.ts";
import type { ProcessEnd } from "./agent-session.ts";

/** From the start of a server until it listens. Gastown gives it 30 s (sdk-events.md §7), which kilo on two busy cores does not keep. */
const LISTENS_MS = 50_000;
/** From SIGTERM until its group is killed. */
const ENDS_MS = 5_000;
const LAST_LINES = 20;

/** A server process that is the leader of its own group. */
export type AgentProcess = {
	pid: number;
	/** Where it listens; rejects with what it wrote where it ends or takes too long. */
	url: Promise<string>;
	/** Resolves when nothing that it started runs any more. */
	ended: Promise<Omit<ProcessEnd, "reason">>;
	/** SIGTERM, and SIGKILL to its group after 5 s; or that at once. */
	end(how: "term" | "kill"): Promise<void>;
};

export function startProcess(
	{ program, args, env, cwd }: { program: string; args: string[]; env: Record<string, string>; cwd: string },
	onLine: (line: string) => void,
): AgentProcess {
	const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
	const last: string[] = [];
	const url = Promise.withResolvers<string>();
	const take = (line: string) => {
		last.push(line);
		if (last.length > LAST_LINES) last.shift();
		const found = /listening on (https?:\/\/\S+)/.exec(line)?.[1];
		if (found) url.resolve(found);
		onLine(line);
	};
	readLines(child, take);
	const closed = new Promise<Omit<ProcessEnd, "reason">>((resolve) => {
		child.once("error", (error) => {
			take(String(error));
			resolve({ code: 127, signal: null });
		});
		// "close": everything that it wrote has been read.
		child.once("close", (code, signal) => resolve({ code, signal }));
	});
	const timer = setTimeout(
		() => url.reject(new Error(`It did not listen within ${LISTENS_MS / 1_000} s: ${last.join(" | ")}`)),
		LISTENS_MS,
	);
	// What it left running goes with it: it would work on beside the next attempt, and keep its output open.
	const cleared = new Promise((resolve) => child.once("error", resolve).once("exit", resolve)).then(() => {
		signalGroup(child, "SIGKILL");
		return killBearers(`GASTOWN_AGENT_TOKEN=${env.GASTOWN_AGENT_TOKEN}`);
	});
	const ended = Promise.all([closed, cleared]).then(([end]) => end);
	ended.then(({ code, signal }) => {
		clearTimeout(timer);
		url.reject(
			new Error(`It ended (${signal ?? `exit code ${code}`}) before it listened: ${last.join(" | ")}`),
		);
	});
	url.promise.then(() => clearTimeout(timer)).catch(() => undefined);
	return {
		pid: child.pid ?? -1,
		url: url.promise,
		ended,
		async end(how) {
			if (how === "term") child.kill("SIGTERM");
			else signalGroup(child, "SIGKILL");
			const killed = setTimeout(() => signalGroup(child, "SIGKILL"), ENDS_MS);
			await ended;
			clearTimeout(killed);
		},
	};
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch (error) {
		// Nobody is left of it: what was wanted.
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}

function readLines(child: ChildProcess, take: (line: string) => void): void {
	for (const stream of [child.stdout, child.stderr]) {
		let rest = "";
		stream?.setEncoding("utf8").on("data", (text: string) => {
			const lines = (rest + text).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines) take(line);
		});
		stream?.on("end", () => rest && take(rest));
	}
}
