import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNode } from "../../scripts/lib/children.ts";
import { QUIET } from "../../scripts/lib/settings.ts";

export type BenchWorker = {
	url: string;
	/** Calls one of its routes; rejects when it does not answer well. */
	call(path: string, query: Record<string, string | number>): Promise<void>;
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
	const call = async (path: string, query: Record<string, string | number>) => {
		const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
		const response = await fetch(`${url}${path}?${search}`, { method: "POST" });
		if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
		await response.body?.cancel();
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
		async stop() {
			await child.stop();
			rmSync(state, { recursive: true, force: true });
		},
	};
}
