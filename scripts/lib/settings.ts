import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

/** The project's root folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

export type Settings = {
	/** Port of the one URL; sign-in, the local world and its forge take the three after it. */
	port: number;
	issuerPort: number;
	localPort: number;
	forgePort: number;
	/** `http://127.0.0.1:PORT`. */
	url: string;
	/** Folder that holds D1 and every Durable Object; absolute. */
	state: string;
	secrets: Secrets;
};

type Secrets = z.infer<typeof secretsFile>;

const DEFAULT_PORT = 4747;
const DEFAULT_STATE = resolve(ROOT, ".wrangler/state");

/** `TOWNWATCH_PORT` and `TOWNWATCH_STATE`, or what they are by default. Throws with a plain sentence on a bad value. */
export function placeFrom(env: NodeJS.ProcessEnv): Pick<Settings, "port" | "state"> {
	const port = Number(env.TOWNWATCH_PORT ?? DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 1024 || port > 65_532)
		throw new Error(`TOWNWATCH_PORT must be a whole number from 1024 to 65532, not "${env.TOWNWATCH_PORT}".`);
	return { port, state: env.TOWNWATCH_STATE ? resolve(ROOT, env.TOWNWATCH_STATE) : DEFAULT_STATE };
}

/** Settings from the environment; makes the state folder's secrets on first use. Throws with a plain sentence. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
	const { port, state } = placeFrom(env);
	return {
		port,
		issuerPort: port + 1,
		localPort: port + 2,
		forgePort: port + 3,
		url: `http://127.0.0.1:${port}`,
		state,
		secrets: secretsIn(state),
	};
}

/** A folder that `npm start` has kept its state in has these in it. */
const secretsPath = (state: string): string => resolve(state, "townwatch-secrets.json");

/** True where the folder may be forgotten: it is the project's own, is not there, or holds our state and not just anything. */
export const isForgettable = (state: string): boolean =>
	state === DEFAULT_STATE || !existsSync(state) || existsSync(secretsPath(state));

/** The secrets of this state folder, made on first use: they never stand in the project, nor in what is built. */
function secretsIn(state: string): Secrets {
	const path = secretsPath(state);
	if (existsSync(path)) return readSecrets(path);
	const fresh = () => randomBytes(32).toString("hex");
	const secrets = { TICKET_SECRET: fresh(), CONTAINER_TOKEN_SECRET: fresh(), ACCESS_AUD: fresh() };
	mkdirSync(state, { recursive: true });
	// Whole or not at all, also when we are ended meanwhile.
	writeFileSync(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
	renameSync(`${path}.new`, path);
	return secrets;
}

const secretsFile = z.object({
	TICKET_SECRET: z.string().min(32),
	CONTAINER_TOKEN_SECRET: z.string().min(32),
	ACCESS_AUD: z.string().min(1),
});

function readSecrets(path: string): Secrets {
	try {
		return secretsFile.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch {
		throw new Error(`${path} is damaged. Delete it and start again: everybody has to sign in anew.`);
	}
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
