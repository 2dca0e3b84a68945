import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { wait } from "../../container/wait.ts";
import type { ListedAgent, ListedAgents, MethodInput } from "../../shared/ingest/index.ts";
import { type DemoRig, type DemoWorld, type LivingTown, openTown } from "../demo/real-town.ts";
import { PRACTICE } from "../people.ts";
import type { Drill } from "./drill.ts";

export type ListedBead = { bead_id: string; title: string; type: string; status: string };
/** A process group of an agent, as the container keeps it. */
export type Group = { pgid: number; agent_id: string };

/** A fresh town and what a drill does to it. */
export type DrillTown = LivingTown & {
	/** Its first rig, and that rig's repository on disk. */
	rig: string;
	bare: string;
	repository: string;
	/** Its owner changes the town's configuration; of its times only those that are named. */
	configure(change: Record<string, unknown>): Promise<unknown>;
	/** Makes a bead in the first rig, by its owner; answers its id. */
	bead(title: string, more?: Partial<MethodInput<"createBead">>): Promise<string>;
	/** Makes a polecat of the first rig; answers its id. */
	polecat(): Promise<string>;
	agents(): Promise<ListedAgent[]>;
	beads(): Promise<ListedBead[]>;
	groups(): Promise<Group[]>;
	/** Waits until it is so; rejects after `seconds`. */
	until<T>(what: string, is: () => Promise<T | null | undefined | false>, seconds?: number): Promise<T>;
	/** Waits until an agent's process works on it. */
	atWork(bead: string, seconds?: number): Promise<{ agent: string; pgid: number }>;
};

/** Short enough to be waited for; each drill may set its own. */
const QUICK = {
	...{ tick_active_ms: 500, tick_idle_ms: 2_000, restart_throttle_ms: 500, poll_pr_ms: 500 },
	...{ back_off_ms: [300, 500, 800, 1_000, 1_500], landing_back_off_ms: 300 },
	...{ abandoned_review_ms: 2_000, stale_work_ms: 3_000 },
};
const LOOK_MS = 200;

/** What is left of a container that died lists processes that are gone. */
const runs = (pgid: number): boolean => {
	try {
		return process.kill(-pgid, 0);
	} catch {
		return false;
	}
};

const withChange = (config: { thresholds: object }, change: Record<string, unknown>) => ({
	...{ ...config, ...change },
	thresholds: { ...config.thresholds, ...(change.thresholds as object | undefined) },
});

const firstRig = (id: string): DemoRig => ({ name: "shop", repository: `practice/${id}` });

export async function openDrillTown(drill: Drill, world: DemoWorld): Promise<DrillTown> {
	const id = `drill-${drill.code.replace(".", "-")}-${randomUUID().slice(0, 6)}`;
	const rigs = drill.rigs?.map((rig) => ({ ...rig, repository: `${rig.repository}-${id}` })) ?? [
		firstRig(id),
	];
	const [first = firstRig(id)] = rigs;
	if (drill.env) world.platform.furnish(id, drill.env);
	const config = {
		...{ max_polecats_per_rig: 3, default_model: "scripted/m", merge_strategy: "direct" },
		...drill.config,
		thresholds: { ...QUICK, ...drill.thresholds },
	};
	const town = await openTown(
		{
			...{ id, rigs, owner: { type: "user", id: PRACTICE }, live: async () => undefined },
			...{ name: `Practice: ${drill.code}`, config },
		},
		world,
	);
	const rig = town.rigId(first.name);
	const agents = async () => (await town.client.gastown<"listAgents", ListedAgents>("listAgents", {})).agents; // biome-ignore format: short
	const until: DrillTown["until"] = async (what, is, seconds = 60) => {
		for (const end = Date.now() + seconds * 1_000; Date.now() < end; await wait(LOOK_MS, world.signal)) {
			const found = await is();
			if (found) return found;
		}
		throw new Error(`${what}: not so after ${seconds} s`);
	};
	const groups = async () =>
		JSON.parse(
			await readFile(join(world.platform.folder(id), "processes.json"), "utf8").catch(() => "[]"),
		) as Group[];
	return {
		...{ ...town, rig, agents, until, groups },
		...{ bare: world.forge.dir(first.repository), repository: first.repository },
		configure: (change) =>
			town.client.gastown("setTownState", { key: "config", value: withChange(config, change) }),
		polecat: async () => {
			const made = { role: "polecat", name: "Rowan", rig_id: rig } as const;
			return (await town.client.gastown<"createAgent", { bead_id: string }>("createAgent", made)).bead_id;
		},
		beads: async () =>
			(await town.client.gastown<"listBeads", { beads: ListedBead[] }>("listBeads", { limit: 200 })).beads,
		async bead(title, more = {}) {
			const made = { title, rig_id: rig, created_by: town.owner, ...more };
			return (await town.client.gastown<"createBead", { bead_id: string }>("createBead", made)).bead_id;
		},
		atWork: (bead, seconds) =>
			until(
				`an agent at work on ${bead}`,
				async () => {
					if (world.platform.state(id).status !== "running") return null;
					const agent = (await agents()).find(({ hook, status }) => hook === bead && status === "working");
					const group = (await groups()).find(({ agent_id }) => agent_id === agent?.id);
					return group && runs(group.pgid) && { agent: group.agent_id, pgid: group.pgid };
				},
				seconds,
			),
	};
}
