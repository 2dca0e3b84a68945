import { resolve } from "node:path";
import { REAL_TOWNS, runDemo } from "./demo/demo.ts";
import { DrillRuns } from "./drills/runs.ts";
import { Forge } from "./forge/forge.ts";
import { ScriptedModel } from "./model/scripted-model.ts";
import { Platform } from "./platform/platform.ts";
import { localServer } from "./server.ts";
import { TokenService } from "./tokens/token-service.ts";
import { UserPages } from "./user/user-pages.ts";

/**
 * What stands in for the outside world on one machine: a forge, its token service, a model, and the platform that runs
 * containers. `TOWNWATCH_URL` is the worker, `LOCAL_PORT` and `FORGE_PORT` where it listens, `LOCAL_STATE` its folder.
 */
const { TOWNWATCH_URL, LOCAL_PORT, FORGE_PORT, LOCAL_STATE, CONTAINER_TOKEN_SECRET } = process.env;
const { AGENT_KIND = "scripted", MODEL_DELTA_MS = "0", MODEL_STEP_MS = "0" } = process.env;
if (!TOWNWATCH_URL || !LOCAL_PORT || !FORGE_PORT || !LOCAL_STATE || !CONTAINER_TOKEN_SECRET)
	throw new Error(
		"TOWNWATCH_URL, LOCAL_PORT, FORGE_PORT, LOCAL_STATE and CONTAINER_TOKEN_SECRET must be set: `npm start` does.",
	);

const tokens = new TokenService(resolve(LOCAL_STATE, "tokens.json"));
const forge = await Forge.start({
	root: resolve(LOCAL_STATE, "repositories"),
	tokens,
	port: Number(FORGE_PORT),
});
const model = new ScriptedModel({ deltaMs: Number(MODEL_DELTA_MS), stepMs: Number(MODEL_STEP_MS) });
const platform = new Platform({
	root: resolve(LOCAL_STATE, "containers"),
	...{ worker: TOWNWATCH_URL, secret: CONTAINER_TOKEN_SECRET },
	env: {
		PATH: process.env.PATH,
		AGENT_KIND,
		MODEL_URL: `http://127.0.0.1:${LOCAL_PORT}/model/v1`,
		...(process.env.AGENT_BINARY ? { AGENT_BINARY: process.env.AGENT_BINARY } : {}),
		...(process.env.AGENT_RETRY_MS ? { AGENT_RETRY_MS: process.env.AGENT_RETRY_MS } : {}),
	},
	onLine: (town, line) => console.log(`${town}: ${line}`),
});
const life = new AbortController();
const world = {
	// A real server takes most of a core while it starts, and up to a gigabyte.
	polecats: AGENT_KIND === "scripted" ? null : 2,
	...{ forge, tokens, platform, model, worker: TOWNWATCH_URL, secret: CONTAINER_TOKEN_SECRET },
	...{ signal: life.signal, say: (line: string) => console.log(line) },
};
const pages = new UserPages(world, REAL_TOWNS);
const drills = new DrillRuns(world);
const stands = { forge, tokens, platform, model, secret: CONTAINER_TOKEN_SECRET, drills };
const server = localServer(stands, (...asked) => pages.answer(...asked));
server.listen(Number(LOCAL_PORT), "127.0.0.1", () =>
	console.log(`local world at http://127.0.0.1:${LOCAL_PORT}, forge at ${forge.url}`),
);

let ending = false;
async function end(): Promise<void> {
	if (ending) return;
	ending = true;
	life.abort(new Error("the local world ends"));
	await platform.close();
	await forge.stop();
	process.exit(0);
}
process.on("SIGTERM", () => void end());
process.on("SIGINT", () => void end());
// Whoever started us is gone.
process.stdin.on("end", () => void end()).resume();

await runDemo(world, process.env.TOWNS?.split(",") ?? null).catch((error: unknown) => {
	if (!life.signal.aborted) throw error;
});
