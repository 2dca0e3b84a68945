import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listProcesses } from "../../container/process/processes.ts";
import { startNode } from "../../scripts/lib/children.ts";
import { QUIET } from "../../scripts/lib/settings.ts";

export type BenchWorker = {
	url: string;
	/** Calls one of its routes and gives its answer; rejects when it does not answer well. */
	call<T = unknown>(path: string, query: Record<string, string | number>): Promise<T>;
	/** Milliseconds of CPU that its processes have used: in steps of 10, and untouched by who else uses the machine. */
	cpuMs(): Promise<number>;
	stop(): Promise<void>;
};

const PORT = 18_787;

/** Starts the worker of `worker/`: the town's objects with those that they are measured against, in one workerd. */
export async function startBenchWorker(): Promise<BenchWorker> {
	const state = mkdtempSync(join(tmpdir(), "townwatch-bench-"));
	const child = startNode(
		"bench worker",
		[
			...["node_modules/wrangler/bin/wrangler.js", "dev", "-c", "test/bench/worker/wrangler.toml"],
			...["--port", String(PORT), "--ip", "127.0.0.1", "--persist-to", state, "--inspector-port", "0"],
		],
		{ env: { ...process.env, ...QUIET, CI: "true" } },
	);
	const url = `http://127.0.0.1:${PORT}`;
	const call = async <T>(path: string, query: Record<string, string | number>): Promise<T> => {
		const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
		const response = await fetch(`${url}${path}?${search}`, { method: "POST" });
		if (!response.ok)
			throw new Error(`${path}: ${response.status} ${await response.text()}\n${child.output()}`);
		return response.json() as Promise<T>;
	};
	const deadline = Date.now() + 60_000;
	while (
		!(await call("/health", {}).then(
			() => true,
			() => false,
		))
	) {
		if (Date.now() > deadline) throw new Error(`the bench worker does not answer:\n${child.output()}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	return {
		url,
		call,
		async cpuMs() {
			const own = (await listProcesses()).filter(({ pgid }) => pgid === child.pid);
			return own.reduce((sum, one) => sum + one.cpuMs, 0);
		},
		async stop() {
			await child.stop();
			rmSync(state, { recursive: true, force: true });
		},
	};
}
