import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ScriptedModel } from "../../local/model/scripted-model.ts";
import type { Running } from "../support/app.ts";
import { figure, markdown, median, sleepUntil } from "./figures.ts";
import { heldModel } from "./held-model.ts";
import { atRest, townWithModel } from "./real-town.ts";

const AGENTS = [1, 5, 10];
const SAMPLE_MS = 200;
const IDLE_SAMPLES = 10;
/** The longest that their work may take: what is over then was not seen to end. */
const WORK_MS = 90_000;

/** MiB: what is in memory, and its share where several processes have the same pages. */
type Memory = { rss: number; pss: number };
/** Of one agent at one moment: its own process, and the share of the tools that it runs. */
type Sample = Memory & { tools: number };
type Moments = Record<"idle" | "working", Sample[][]>;

/**
 * Memory of real agents' processes, as the kernel counts it: while they wait for their model's first word, and while they
 * edit, test, commit and push at the pace of the demo.
 */
export async function benchMemory(app: Running): Promise<string> {
	if (!existsSync("/proc/self/smaps_rollup")) return "Not measured: this machine has no `/proc`.";
	const all: Moments[] = [];
	for (const count of AGENTS) all.push(await samplesOf(app, count));
	const each = (title: string, when: keyof Moments, of: (sample: Sample) => number) => [
		title,
		...all.map((moments) => {
			const values = moments[when].flat().map(of);
			return `${figure(median(values))} / ${figure(Math.max(...values))}`;
		}),
	];
	const together = (title: string, when: keyof Moments) => {
		const sum = (moment: Sample[]) => moment.reduce((total, { pss, tools }) => total + pss + tools, 0);
		return [title, ...all.map((moments) => figure(Math.max(...moments[when].map(sum))))];
	};
	return markdown(
		["MiB of an agent: median / most", ...AGENTS.map((count) => `${count} at once`)],
		[
			each("idle: RSS", "idle", ({ rss }) => rss),
			each("idle: PSS", "idle", ({ pss }) => pss),
			each("working: RSS", "working", ({ rss }) => rss),
			each("working: PSS", "working", ({ pss }) => pss),
			each("its tools while it works: PSS", "working", ({ tools }) => tools),
			together("all of them, idle: PSS, most", "idle"),
			together("all of them and their tools, working: PSS, most", "working"),
		],
	);
}

async function samplesOf(app: Running, count: number): Promise<Moments> {
	const scripted = new ScriptedModel({ deltaMs: 2, stepMs: 150 });
	const model = await heldModel((request, response) => scripted.handle(request, response));
	const town = await townWithModel(app, model, count);
	try {
		await town.beads(...Array.from({ length: count }, (_, n) => `Add the helper number ${n}`));
		await model.asked(count);
		// The last of them is written down a moment after it has asked.
		await sleepUntil(Date.now() + 2_000);
		const agents = town.groups().map(({ pgid }) => pgid);
		const idle: Sample[][] = [];
		const working: Sample[][] = [];
		for (let n = 0; n < IDLE_SAMPLES; n++) idle.push(await sample(agents));
		model.release();
		const deadline = Date.now() + WORK_MS;
		for (let left = agents.length; left > 0 && Date.now() < deadline; ) {
			const seen = await sample(agents);
			left = seen.length;
			if (left > 0) working.push(seen);
		}
		return { idle, working };
	} finally {
		await atRest(app, town);
		await model.close();
	}
}

/** Of the agents that still run; takes as long as there is between two samples. */
async function sample(agents: readonly number[]): Promise<Sample[]> {
	const next = Date.now() + SAMPLE_MS;
	const samples = await Promise.all(
		agents.map(async (pid) => {
			const [own, ...tools] = await Promise.all((await treeOf(pid)).map(memoryOf));
			if (!own) return [];
			return [{ ...own, tools: tools.reduce((sum, tool) => sum + (tool?.pss ?? 0), 0) }];
		}),
	);
	await sleepUntil(next);
	return samples.flat();
}

/** A process and all that it started: tools have process groups of their own. */
async function treeOf(pid: number): Promise<number[]> {
	const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
	const children = text.split(" ").filter(Boolean).map(Number);
	return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** proc_pid_smaps(5); null for a process that has ended. */
async function memoryOf(pid: number): Promise<Memory | null> {
	const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
	const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) / 1_024;
	const memory = { rss: mib("Rss"), pss: mib("Pss") };
	return Number.isFinite(memory.rss) ? memory : null;
}
