import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startNode } from "../../../scripts/lib/children.ts";
import { freePorts } from "../../../scripts/lib/free-ports.ts";
import { QUIET } from "../../../scripts/lib/settings.ts";
import type { Finding } from "../kit/subject.ts";

const CONFIG = {
	...{ name: "conformance", main: "index.ts", compatibility_date: "2026-10-01", send_metrics: false },
	compatibility_flags: ["nodejs_compat"],
	durable_objects: {
		bindings: [
			{ name: "TOWN", class_name: "Town" },
			{ name: "AGENT", class_name: "Agent" },
		],
	},
	migrations: [{ tag: "v1", new_sqlite_classes: ["Town", "Agent"] }],
};

const entryOf = (module: string) => `import * as given from ${JSON.stringify(module)};
import { harness } from ${JSON.stringify(resolve("test/conformance/harness/index.ts"))};
const made = harness(given);
export const { Town, Agent } = made;
export default made.handler;
`;

/** Runs a module's objects in workerd, with the kit beside them, and gives what it found. */
export async function runModule(path: string): Promise<Finding[]> {
	const state = mkdtempSync(join(tmpdir(), "townwatch-conformance-"));
	const port = await freePorts();
	writeFileSync(join(state, "index.ts"), entryOf(resolve(path)));
	writeFileSync(join(state, "wrangler.json"), JSON.stringify(CONFIG));
	const child = startNode(
		"conformance",
		[
			...["node_modules/wrangler/bin/wrangler.js", "dev", "-c", join(state, "wrangler.json")],
			...["--port", String(port), "--ip", "127.0.0.1", "--inspector-port", "0"],
		],
		{ env: { ...process.env, ...QUIET, CI: "true" } },
	);
	try {
		const answer = await asked(`http://127.0.0.1:${port}/`, () => child.output());
		return (await answer.json()) as Finding[];
	} finally {
		await child.stop();
		rmSync(state, { recursive: true, force: true });
	}
}

async function asked(url: string, output: () => string): Promise<Response> {
	const deadline = Date.now() + 60_000;
	for (;;) {
		const answer = await fetch(url).catch(() => null);
		if (answer?.ok) return answer;
		if (answer) throw new Error(`${await answer.text()}\n${output()}`);
		if (Date.now() > deadline) throw new Error(`The module does not run:\n${output()}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
