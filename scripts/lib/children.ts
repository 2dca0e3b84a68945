import { type ChildProcess, spawn } from "node:child_process";
import { ROOT } from "./settings.ts";

export type Child = {
	name: string;
	/** Resolves with the exit code, or the signal's name. */
	ended: Promise<number | string>;
	/** Asks the whole process group to end, kills it after 5 seconds; resolves when it is gone. */
	stop(): Promise<void>;
	/** Ends it at once, as a crash would (fault tests). */
	kill(): Promise<void>;
	/** The newest 200 lines it wrote. */
	output(): string;
	/** Resolves when everything that it and its group wrote has been read. */
	read: Promise<void>;
	pid: number;
};

type Options = {
	env: NodeJS.ProcessEnv;
	/** Called with each line it writes. */
	onLine?: (line: string, from: "stdout" | "stderr") => void;
};

/** Starts a Node program as a process group of its own, so that it can be ended with all that it started. */
export function startNode(name: string, args: string[], { env, onLine }: Options): Child {
	const child = spawn(process.execPath, args, {
		cwd: ROOT,
		env,
		detached: true,
		// stdin stays open as long as we live: vite and our own programs end when it closes, so none is left behind.
		stdio: ["pipe", "pipe", "pipe"],
	});
	const lines = linesOf(child, onLine);
	const ended = new Promise<number | string>((resolve) => {
		child.once("exit", (code, signal) => resolve(code ?? signal ?? 0));
		child.once("error", (error) => {
			lines.push(String(error));
			resolve(1);
		});
	});
	const read = new Promise<void>((resolve) => {
		child.once("close", () => resolve());
		child.once("error", () => resolve());
	});
	const end = async (signal: NodeJS.Signals) => {
		signalGroup(child, signal);
		const timer = setTimeout(() => signalGroup(child, "SIGKILL"), 5_000);
		await ended;
		clearTimeout(timer);
		// A grandchild that outlives its parent (workerd) belongs to the same group.
		signalGroup(child, "SIGKILL");
	};
	return {
		name,
		ended,
		read,
		stop: () => end("SIGTERM"),
		kill: () => end("SIGKILL"),
		output: () => lines.join("\n"),
		pid: child.pid ?? -1,
	};
}

/**
 * Runs a Node program to its end and answers its standard output; rejects with all that it wrote when it fails. When
 * `signal` ends it, it and what it started are gone before this rejects with the signal's reason.
 */
export async function runNode(
	name: string,
	args: string[],
	env: NodeJS.ProcessEnv,
	signal: AbortSignal,
): Promise<string> {
	signal.throwIfAborted();
	const lines: string[] = [];
	const child = startNode(name, args, {
		env,
		onLine: (line, from) => from === "stdout" && lines.push(line),
	});
	const stop = () => void child.stop();
	signal.addEventListener("abort", stop, { once: true });
	const code = await child.ended;
	signal.removeEventListener("abort", stop);
	// What it left running would keep its output open.
	await child.stop();
	await child.read;
	signal.throwIfAborted();
	if (code !== 0) throw new Error(`${name} failed (${code}):\n${child.output()}`);
	return lines.join("\n");
}

function linesOf(child: ChildProcess, onLine?: Options["onLine"]): string[] {
	const lines: string[] = [];
	for (const from of ["stdout", "stderr"] as const) {
		const take = (line: string) => {
			lines.push(line);
			if (lines.length > 200) lines.shift();
			onLine?.(line, from);
		};
		let rest = "";
		child[from]?.setEncoding("utf8").on("data", (text: string) => {
			const parts = (rest + text).split("\n");
			rest = parts.pop() ?? "";
			for (const line of parts) take(line);
		});
		child[from]?.on("end", () => rest && take(rest));
	}
	return lines;
}

/** Signals a child that was started `detached`, and all that it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		if (process.platform === "win32") child.kill(signal);
		else process.kill(-child.pid, signal);
	} catch (error) {
		// Already gone: what we wanted.
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}
