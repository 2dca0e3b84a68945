import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** The project's root folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

export type Settings = {
	/** Port of the one URL; the issuer and the demo container take the two after it. */
	port: number;
	issuerPort: number;
	controlPort: number;
	/** `http://127.0.0.1:PORT`. */
	url: string;
	/** Folder that holds D1 and every Durable Object; absolute. */
	state: string;
	secrets: Secrets;
};

export type Secrets = { TICKET_SECRET: string; CONTAINER_TOKEN_SECRET: string; ACCESS_AUD: string };

export const DEFAULT_PORT = 4747;
export const DEFAULT_STATE = resolve(ROOT, ".wrangler/state");

/** Settings from the environment: `TOWNWATCH_PORT`, `TOWNWATCH_STATE`. Throws with a plain sentence on a bad value. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
	const port = Number(env.TOWNWATCH_PORT ?? DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 1024 || port > 65_533)
		throw new Error(`TOWNWATCH_PORT must be a whole number from 1024 to 65533, not "${env.TOWNWATCH_PORT}".`);
	const state = env.TOWNWATCH_STATE ? resolve(ROOT, env.TOWNWATCH_STATE) : DEFAULT_STATE;
	return {
		port,
		issuerPort: port + 1,
		controlPort: port + 2,
		url: `http://127.0.0.1:${port}`,
		state,
		secrets: secretsIn(state),
	};
}

/** The secrets of this state folder, made on first use: they never stand in the project, nor in what is built. */
function secretsIn(state: string): Secrets {
	const path = resolve(state, "townwatch-secrets.json");
	if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
	const fresh = () => randomBytes(32).toString("hex");
	const secrets = { TICKET_SECRET: fresh(), CONTAINER_TOKEN_SECRET: fresh(), ACCESS_AUD: fresh() };
	mkdirSync(state, { recursive: true });
	writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 });
	return secrets;
}

/** Environment in which wrangler and vite try no connection outside this machine. */
export const QUIET: NodeJS.ProcessEnv = {
	CLOUDFLARE_CF_FETCH_ENABLED: "false",
	WRANGLER_HIDE_BANNER: "true",
	WRANGLER_SEND_METRICS: "false",
	WRANGLER_SEND_ERROR_REPORTS: "false",
	WRANGLER_WRITE_LOGS: "false",
	X_LOCAL_EXPLORER: "false",
	X_LOCAL_OBSERVABILITY: "false",
	DO_NOT_TRACK: "1",
	NO_COLOR: "1",
};
