import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runNode } from "./children.ts";
import { QUIET, ROOT } from "./settings.ts";

const SOURCES = [
	"web",
	"worker",
	"shared",
	"vite.config.ts",
	"vite.embed.config.ts",
	"wrangler.toml",
	"package-lock.json",
];
const STAMP = resolve(ROOT, "dist/built-from");

/** Builds page, worker and the element for other pages into `dist/` when a source has changed since; true when it did. `signal` breaks it off. */
export async function buildIfStale(signal: AbortSignal): Promise<boolean> {
	const sources = fingerprint();
	if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === sources) return false;
	// Vitest sets "test", with which the page would be built unminified and in development mode.
	const env = { ...process.env, ...QUIET, NODE_ENV: "production" };
	await viteBuild(resolve(ROOT, "dist"), env, signal);
	writeFileSync(STAMP, sources);
	return true;
}

/** Builds page, worker and the element for other pages into `folder`, which is emptied first. `signal` breaks it off. */
export async function viteBuild(folder: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
	const vite = (outDir: string, ...args: string[]) =>
		runNode(
			"vite build",
			[
				...["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", "--emptyOutDir"],
				...["--outDir", outDir, ...args],
			],
			env,
			signal,
		);
	await vite(folder);
	await vite(join(folder, "client/embed"), "-c", "vite.embed.config.ts");
	// The build copies a developer's own secrets; what runs gets its own from its environment.
	rmSync(join(folder, "townwatch/.dev.vars"), { force: true });
}

/** Hash over path, size and time of change of every source file. */
function fingerprint(): string {
	const hash = createHash("sha256");
	const add = (path: string) => {
		const stat = statSync(path);
		if (!stat.isDirectory()) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
		else
			for (const name of readdirSync(path).sort())
				if (name !== ".wrangler" && name !== "node_modules") add(join(path, name));
	};
	for (const source of SOURCES) add(resolve(ROOT, source));
	return hash.digest("hex");
}
