import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { viteBuild } from "./lib/build.ts";
import { runNode } from "./lib/children.ts";
import { type Environment, faultsOf, LIMITS, missingOf, sizeIn, wishIn } from "./lib/deployment.ts";
import { passes } from "./lib/run.ts";
import { QUIET, ROOT } from "./lib/settings.ts";

/**
 * `npm run deploy -- --env staging|production [--dry-run]`: checks the environment, builds page and worker for it, has wrangler
 * bundle them, and refuses what is over a limit. Without `--dry-run` it then brings D1 up to date and deploys.
 */
const WRANGLER = "node_modules/wrangler/bin/wrangler.js";

/** A build of its own: what `npm start` serves is left alone. */
async function build(env: Environment): Promise<string> {
	const folder = resolve(ROOT, ".townwatch/deploy", env);
	const settings = { ...process.env, ...QUIET, NODE_ENV: "production", CLOUDFLARE_ENV: env };
	await viteBuild(folder, settings, new AbortController().signal);
	return folder;
}

const wrangler = (...args: string[]): Promise<string> =>
	runNode("wrangler", [WRANGLER, ...args], { ...process.env, ...QUIET }, new AbortController().signal);

function checkAssets(folder: string): string {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => ({ name, stat: statSync(join(folder, name)) }))
		.filter(({ stat }) => stat.isFile());
	if (files.length > LIMITS.assets) throw new Error(`${files.length} files of the page are too many.`);
	const large = files.find(({ stat }) => stat.size > LIMITS.assetMib * 2 ** 20);
	if (large) throw new Error(`${large.name} is over ${LIMITS.assetMib} MiB.`);
	return `${files.length} files, ${(files.reduce((sum, { stat }) => sum + stat.size, 0) / 2 ** 20).toFixed(1)} MiB`;
}

async function prepare(env: Environment): Promise<string> {
	const faults = faultsOf(env);
	if (faults.length > 0) throw new Error(faults.join("\n"));
	const folder = await build(env);
	const config = join(folder, "townwatch/wrangler.json");
	// Without the image, for which wrangler wants Docker also where it is only tried.
	const said = await wrangler("deploy", "--dry-run", "--containers-rollout", "none", "-c", config);
	const { whole, gzip } = sizeIn(said);
	if (gzip > LIMITS.workerKib)
		throw new Error(`The Worker is ${gzip} KiB compressed; Cloudflare takes ${LIMITS.workerKib}.`);
	console.log(`${env}: bindings, classes and migrations are whole.`);
	console.log(
		`  worker ${whole} KiB, ${gzip} compressed of ${LIMITS.workerKib}; page ${checkAssets(join(folder, "client"))}`,
	);
	return config;
}

async function main(): Promise<void> {
	const { envs, dry } = wishIn(process.argv.slice(2));
	for (const env of envs) {
		const missing = missingOf(env);
		if (!dry && missing.length > 0)
			throw new Error(`[env.${env}] of wrangler.toml lacks ${missing.join(", ")} (docs/deploy.md).`);
		const config = await prepare(env);
		if (dry) {
			if (missing.length > 0) console.log(`  still to be filled in: ${missing.join(", ")}`);
			continue;
		}
		const shown = (...args: string[]) => passes(process.execPath, [WRANGLER, ...args]);
		if (!(await shown("d1", "migrations", "apply", "DB", "--remote", "-c", config)))
			throw new Error("D1 was not brought up to date, so nothing was deployed.");
		if (!(await shown("deploy", "-c", config))) throw new Error("wrangler did not deploy it: see above.");
	}
	if (dry)
		console.log(
			"Tried without an account: not whether Cloudflare takes it, not the image of the container (Docker builds it), not the secrets.",
		);
}

await main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
