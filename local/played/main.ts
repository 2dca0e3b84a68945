import { startControlServer } from "./control-server.ts";
import { ingestClient } from "./ingest-client.ts";
import { seedTown } from "./seed.ts";
import { startTownPlayer, type TownPlayer } from "./town-player.ts";
import { TOWNS } from "./towns/index.ts";

/**
 * The demo container: plays recorded agents in the demo's towns. `TOWNWATCH_URL` is the worker, `CONTROL_PORT` where it is
 * asked to stop agents, `CONTAINER_TOKEN_SECRET` signs its tokens, `TOWNS` (optional) names the towns to play.
 */
const { TOWNWATCH_URL, CONTROL_PORT, CONTAINER_TOKEN_SECRET } = process.env;
if (!TOWNWATCH_URL || !CONTROL_PORT || !CONTAINER_TOKEN_SECRET)
	throw new Error("TOWNWATCH_URL, CONTROL_PORT and CONTAINER_TOKEN_SECRET must be set: `npm start` does.");

/** The container of a new town runs so long before it is first heard of, so that something can hang in it from the beginning. */
const RUNS_BEFORE_MS = 18.5 * 60_000;

const wanted = process.env.TOWNS?.split(",");
const scripts = TOWNS.filter(({ id }) => !wanted || wanted.includes(id));
const life = new AbortController();
const players = new Map<string, TownPlayer>();
const say = (line: string) => console.log(line);

await startControlServer(
	Number(CONTROL_PORT),
	async (town, agent, attempt) => (await players.get(town)?.stop(agent, attempt)) ?? false,
);

const end = async () => {
	if (life.signal.aborted) return;
	life.abort(new Error("the container ends"));
	await Promise.all([...players.values()].map((player) => player.close()));
	process.exit(0);
};
process.on("SIGTERM", end);
process.on("SIGINT", end);
// Whoever started us is gone.
process.stdin.on("end", end).resume();

await Promise.all(
	scripts.map(async (script) => {
		const client = ingestClient(TOWNWATCH_URL, script.id, CONTAINER_TOKEN_SECRET);
		const { fresh } = await seedTown(script, client, say);
		const since = fresh ? Date.now() - RUNS_BEFORE_MS : undefined;
		const player = await startTownPlayer({ town: script.id, client, signal: life.signal, since, say });
		players.set(script.id, player);
		say(`${script.name} is alive`);
		await script.play(player);
	}),
).catch((error: unknown) => {
	if (life.signal.aborted) return;
	throw error;
});
