import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { type Child, runNode, startNode } from "../../scripts/lib/children.ts";
import { ROOT } from "../../scripts/lib/settings.ts";

const SOURCE = resolve(ROOT, "test/e2e/host-next");
/** Where it is installed and built, once for each lock file: its sources stay free of what is made of them. */
const PLACE = resolve(ROOT, ".townwatch/host-next");
const NEXT = resolve(PLACE, "node_modules/next/dist/bin/next");

type Settings = { port: number; townwatch: string; token: string };

/** Installs (by npm, the only network that this needs), builds and starts the Next.js dashboard. Resolves when it answers. */
export async function startNextHost({
	port,
	townwatch,
	token,
}: Settings): Promise<{ url: string; host: Child }> {
	const env = {
		...process.env,
		...{ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
		...{ TOWNWATCH_URL: townwatch, ADMIN_TOKEN: token },
	};
	await install();
	await runNode("next build", [NEXT, "build", PLACE], env, new AbortController().signal);
	const host = startNode("next start", [NEXT, "start", PLACE, "-H", "127.0.0.1", "-p", String(port)], {
		env,
	});
	const url = `http://127.0.0.1:${port}`;
	let ended = false;
	void host.ended.then(() => {
		ended = true;
	});
	while (
		!(await fetch(`${url}/admin`).then(
			({ ok }) => ok,
			() => false,
		))
	) {
		if (ended) throw new Error(`The dashboard ended before it answered:\n${host.output()}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	return { url, host };
}

async function install(): Promise<void> {
	const lock = "package-lock.json";
	const installed = resolve(PLACE, "node_modules/.townwatch-lock");
	const same =
		existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(resolve(SOURCE, lock), "utf8");
	for (const made of same ? ["app"] : ["app", "node_modules"])
		rmSync(resolve(PLACE, made), { recursive: true, force: true });
	cpSync(SOURCE, PLACE, { recursive: true });
	if (same) return;
	await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--include=dev"], { cwd: PLACE });
	cpSync(resolve(SOURCE, lock), installed);
}
