import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { unstable_readConfig } from "wrangler";
import { ROOT } from "./settings.ts";

export const ENVIRONMENTS = ["staging", "production"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Cloudflare's limits of the paid plan (developers.cloudflare.com/workers/platform/limits, 2026-08). */
export const LIMITS = { workerKib: 10 * 1024, assetMib: 25, assets: 100_000 };

/** The id that stands in wrangler.toml until a database has been made. */
const NO_DATABASE = "00000000-0000-0000-0000-000000000000";

type Named = { binding: string; database_id?: string; database_name?: string };

/** What is read here of what wrangler makes of wrangler.toml. */
type Config = {
	vars: Record<string, unknown>;
	secrets?: { required?: string[] };
	d1_databases: Named[];
	durable_objects: { bindings: { name: string; class_name: string }[] };
	containers?: { class_name: string }[];
	migrations: { new_sqlite_classes?: string[] }[];
	observability?: { enabled?: boolean };
};

export const configOf = (env?: Environment): Config =>
	unstable_readConfig({ config: resolve(ROOT, "wrangler.toml"), env }, { hideWarnings: true });

/** What a Worker of this configuration finds in its `env`, and what is made for it. An environment must have all of it. */
const partsOf = (config: Config): string[] => [
	...Object.keys(config.vars).map((name) => `variable ${name}`),
	...(config.secrets?.required ?? []).map((name) => `secret ${name}`),
	...config.d1_databases.map(({ binding }) => `D1 ${binding}`),
	...config.durable_objects.bindings.map(({ name, class_name }) => `Durable Object ${name} (${class_name})`),
	...(config.containers ?? []).map(({ class_name }) => `container of ${class_name}`),
];

/** What is wrong with an environment before anything is built, a sentence each. */
export function faultsOf(env: Environment): string[] {
	const [local, config] = [configOf(), configOf(env)];
	const there = new Set(partsOf(config));
	const faults = partsOf(local)
		.filter((part) => !there.has(part))
		.map((part) => `[env.${env}] lacks ${part}: an environment inherits none.`);
	const made = new Set(config.migrations.flatMap(({ new_sqlite_classes = [] }) => new_sqlite_classes));
	const exported = readFileSync(resolve(ROOT, "worker/index.ts"), "utf8");
	for (const { class_name } of config.durable_objects.bindings) {
		if (!made.has(class_name)) faults.push(`No migration makes ${class_name}.`);
		if (!new RegExp(`export .*\\b${class_name}\\b`).test(exported))
			faults.push(`worker/index.ts does not export ${class_name}.`);
	}
	if (!config.observability?.enabled) faults.push(`[env.${env}] keeps no logs.`);
	return faults;
}

/** What still has to be filled in before this environment can be deployed, a sentence each. */
export function missingOf(env: Environment): string[] {
	const { vars, d1_databases } = configOf(env);
	const needed = ["ACCESS_TEAM_DOMAIN", "ACCESS_AUD", "PUBLIC_URL", "MODEL_URL", "GIT_TOKEN_SERVICE_URL"];
	return [
		...d1_databases
			.filter(({ database_id }) => !database_id || database_id === NO_DATABASE)
			.map(({ database_name }) => `the id of the D1 database ${database_name}`),
		...needed.filter((name) => !vars[name]).map((name) => `the variable ${name}`),
	];
}

/** Kibibytes of the Worker as wrangler said them: whole, and compressed, which is what is limited. Throws where it said none. */
export function sizeIn(output: string): { whole: number; gzip: number } {
	const [, whole, gzip] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(output) ?? [];
	if (!whole || !gzip) throw new Error(`wrangler did not say how large the Worker is:\n${output}`);
	return { whole: Number(whole), gzip: Number(gzip) };
}

/** The environment and whether it is only tried, of `npm run deploy -- …`. Throws with a plain sentence. */
export function wishIn(argv: readonly string[]): { envs: Environment[]; dry: boolean } {
	const dry = argv.includes("--dry-run");
	const rest = argv.filter((word) => word !== "--dry-run").flatMap((word) => word.split("="));
	const env = ENVIRONMENTS.find((known) => known === rest[1]);
	if (rest.length === 2 && rest[0] === "--env" && env) return { envs: [env], dry };
	if (rest.length === 0 && dry) return { envs: [...ENVIRONMENTS], dry };
	throw new Error(
		`npm run deploy takes --env ${ENVIRONMENTS.join(" or --env ")}, and --dry-run, which alone tries them all.`,
	);
}
