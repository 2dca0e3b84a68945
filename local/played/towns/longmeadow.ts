import { PRIYA } from "../../people.ts";
import type { IngestClient } from "../ingest-client.ts";
import { recording, replay } from "../recordings.ts";
import { unlessThere } from "../seed.ts";
import { streamProducer } from "../stream-producer.ts";
import { unlessRefused } from "../town-player.ts";
import { JOBS } from "./jobs.ts";
import { mayorWaits, polecat, refinery, wishes } from "./residents.ts";
import { type AgentPlan, idIn, type TownScript } from "./town-script.ts";

const ID = "longmeadow";
const BEADS = 1_000;
/** Its stored events are the recording's without heartbeats and boot noise: 19 agents × about 3,200. */
const HISTORY = "opencode-loop";

const POLECATS = [
	"Alder", "Aster", "Birch", "Bracken", "Burdock", "Campion", "Clary", "Cowslip", "Fennel", "Ferrier", "Hazel",
	"Hyssop", "Lovage", "Mallow", "Rowan", "Sedge", "Tansy",
]; // biome-ignore format: a list

const rigOf = (n: number): string => ["meadow-web", "meadow-api", "meadow-infra"][n % 3] as string;

const agents: AgentPlan[] = [
	...POLECATS.map((name, n): AgentPlan => ({ name, role: "polecat", rig: rigOf(n) })),
	{ name: "Shepherd", role: "refinery", rig: "meadow-web" },
	{ name: "Drover", role: "refinery", rig: "meadow-api" },
	{ name: "Meadow-Mayor", role: "mayor", rig: null },
];

/** The large town: 1,000 beads, 20 agents, 60,000 events of history; a few polecats at work at any time. */
export const longmeadow: TownScript = {
	id: ID,
	name: "Longmeadow",
	owner: { type: "user", id: PRIYA },
	rigs: ["meadow-web", "meadow-api", "meadow-infra"].map((name) => ({
		name,
		git_url: `https://git.example/priya/${name}.git`,
	})),
	agents,
	async seed({ client, since, say }) {
		const begin = Date.now();
		await Promise.all([seedBeads(client), seedStreams(client, since)]);
		say(
			`Longmeadow: ${BEADS} beads and the history of ${agents.length - 1} agents in ${((Date.now() - begin) / 1000).toFixed(1)} s`,
		);
	},
	async play(player) {
		await Promise.all([
			mayorWaits(player, "Meadow-Mayor"),
			wishes(player, { rig: "meadow-web", by: PRIYA, everyMs: 25_000, atMost: 4 }),
			wishes(player, { rig: "meadow-api", by: PRIYA, everyMs: 40_000, atMost: 4 }),
			// Whoever is free takes what is ready: nothing waits beside an idle agent.
			...POLECATS.map((name, n) => polecat(player, name, { rig: rigOf(n), restMs: 15_000 + 500 * n })),
			refinery(player, "Shepherd", { rig: "meadow-web", restMs: 6_000 }),
			refinery(player, "Drover", { rig: "meadow-api", restMs: 8_000 }),
		]);
	},
};

/** Most beads have ended, as in a town of some months; the rest wait. One that has ended already is refused its end. */
async function seedBeads(client: IngestClient): Promise<void> {
	await inParallel(BEADS, 8, async (n) => {
		const job = JOBS[n % JOBS.length];
		if (!job) return;
		const id = idIn(ID, `bead ${n + 1}`);
		await client
			.gastown("createBead", {
				...{
					id,
					title: `${job.title} (${n + 1})`,
					body: job.body,
					rig_id: idIn(ID, rigOf(n)),
					created_by: PRIYA,
				},
				priority: (["low", "medium", "medium", "high"] as const)[n % 4],
				// What has not ended is the owner's list for later: held until she starts it.
				labels: ["gt:held"],
			})
			.catch(unlessThere(id));
		if (n % 20 === 3)
			await client
				.gastown("updateBeadStatus", {
					...{ bead_id: id, status: "failed", actor: "patrol" },
					failure_reason: {
						...{ code: "orphaned_work", source: "patrol" },
						message: "Its worktree was lost with its changes.",
					},
				})
				.catch(unlessRefused);
		else if (n % 20 !== 0)
			await client.gastown("closeBead", { bead_id: id, actor: PRIYA }).catch(unlessRefused);
	});
}

/**
 * A recorded session for every agent, as if it had run an hour before `since`. The last agent of the plan comes after the
 * seed. Done again, its batches are the very same under the same numbers, so that those that are stored stay (STREAM-1).
 */
async function seedStreams(client: IngestClient, since: number): Promise<void> {
	const source = recording(HISTORY);
	const told = agents.slice(0, -1);
	await inParallel(told.length, 3, async (n) => {
		const agent = idIn(ID, told[n]?.name ?? "");
		const stream = streamProducer({
			...{ client, agent, attempt: null, bead: null, producer: `seed:${agent}` },
			onRefused: (refused) => {
				throw refused;
			},
		});
		for (const event of replay(source, since - 3_600_000 - n * 60_000, String(n).padStart(2, "0")))
			stream.push(event);
		await stream.close();
	});
}

async function inParallel(count: number, lanes: number, work: (n: number) => Promise<void>): Promise<void> {
	let next = 0;
	await Promise.all(
		Array.from({ length: lanes }, async () => {
			while (next < count) await work(next++);
		}),
	);
}
