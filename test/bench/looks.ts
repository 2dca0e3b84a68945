import type { BenchWorker } from "./bench-worker.ts";
import { figure, markdown, median, percentile, sleepUntil } from "./figures.ts";
import type { Look } from "./worker/look.ts";

const AGENTS = 40;
const OPEN = 1_000;
const ENDED = [1_000, 10_000];
/** Ended beads that are written in one go: one batch of the log. */
const PIECE = 500;
/** The towns take turns, so that what else the machine does meets both. */
const ROUNDS = 3;
const IDLE_LOOKS = 100;
const BUSY_LOOKS = 40;
/** Five events of each agent a second, in one batch as an unfollowed agent sends them: 200 events/s. */
const TALK_MS = 5_000;
const PAUSE_MS = 1_000 / AGENTS;

type Town = {
	name: string;
	agents: string[];
	round: number;
	cpu: number[];
	idle: Look[];
	busy: Look[];
	talk: Look[];
	talkMs: number;
};

/**
 * What one look of a town's scheduler takes, by how much has ended in the town: where nothing has changed, where an agent
 * has become free and work is ready, and by itself under 200 events/s, whose reports of usage and signals make it look.
 */
export async function benchLooks(worker: BenchWorker): Promise<string> {
	const towns: Town[] = [];
	for (const ended of ENDED) {
		const name = `town-${ended}`;
		const agents = await worker.call<string[]>("/town/found", { name, agents: AGENTS, open: OPEN });
		for (let from = 1; from <= ended; from += PIECE)
			await worker.call("/town/end", { name, from, count: PIECE });
		towns.push({ name, agents, round: 0, cpu: [], idle: [], busy: [], talk: [], talkMs: 0 });
	}
	for (let n = 0; n < ROUNDS; n++) for (const town of towns) await measure(worker, town);

	const row = (title: string, of: (town: Town) => number) => {
		const values = towns.map(of);
		return [title, ...values.map(figure), `${figure((values[1] ?? 0) / (values[0] ?? 0))} ×`];
	};
	const ms = (title: string, of: (town: Town) => Look[]) =>
		[50, 99].map((p) =>
			row(`${title}: ms, p${p}`, (town) =>
				percentile(
					of(town).map((look) => look.ms),
					p,
				),
			),
		);
	const most = (title: string, key: "rows" | "plan") => {
		const counts = towns.map(({ idle }) => Math.max(...idle.map((look) => look[key])));
		return [title, ...counts.map(String), ""];
	};
	return markdown(
		[
			`${AGENTS} agents, ${figure(OPEN)} open beads`,
			...ENDED.map((ended) => `${figure(ended)} ended`),
			"ratio",
		],
		[
			row("nothing has changed: ms of CPU, alarm included", ({ cpu }) => median(cpu)),
			...ms("nothing has changed", ({ idle }) => idle),
			most("nothing has changed: rows written in the town", "rows"),
			most("nothing has changed: rows of the next alarm's plan", "plan"),
			...ms("work is given to an agent", ({ busy }) => busy),
			row("200 events/s: looks a second", ({ talk, talkMs }) => talk.length / (talkMs / 1_000)),
			...ms("200 events/s", ({ talk }) => talk),
		],
	);
}

async function measure(worker: BenchWorker, town: Town): Promise<void> {
	const { name } = town;
	await worker.call("/town/settle", { name });
	const before = await worker.cpuMs();
	town.idle.push(...(await worker.call<Look[]>("/town/look", { name, count: IDLE_LOOKS, change: 0 })));
	town.cpu.push(((await worker.cpuMs()) - before) / IDLE_LOOKS);
	town.busy.push(...(await worker.call<Look[]>("/town/look", { name, count: BUSY_LOOKS, change: 1 })));
	await worker.call("/town/settle", { name });
	await worker.call("/town/taken", { name });
	await talk(worker, town);
	town.talk.push(...(await worker.call<Look[]>("/town/taken", { name })));
}

/** The agents talk in turn; the town's own alarms look. */
async function talk(worker: BenchWorker, town: Town): Promise<void> {
	const { name, agents } = town;
	const begin = Date.now();
	for (let n = 0; n * PAUSE_MS < TALK_MS; n++) {
		await sleepUntil(begin + n * PAUSE_MS);
		if (n % AGENTS === 0) town.round += 1;
		await worker.call("/town/say", { name, round: town.round, agent: agents[n % AGENTS] ?? "" });
	}
	town.talkMs += Date.now() - begin;
}
