import { WebSocket } from "ws";
import type { Person } from "../../local/people.ts";
import { nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import { LIMITS } from "../../shared/protocol/index.ts";
import type { TownClient } from "../../web/live/client.ts";
import type { Running } from "../support/app.ts";
import { testTown } from "../support/test-town.ts";
import type { BenchWorker } from "./bench-worker.ts";
import { figure, markdown, median, percentile, sleepUntil } from "./figures.ts";

const PER_SECOND = 1_000;
const SECONDS = 5;
const VIEWERS = [1, 10, 50];
/** Agents whose tools change with each heartbeat: one change each, all in one call, as a container reports. */
const AGENTS = 20;

type Latency = { p50: number; p99: number; received: number; expected: number };

/** One admin may have so many sockets on a town, so that 50 viewers are several admins. */
export const benchAdmins = (): Person[] =>
	Array.from({ length: Math.ceil(Math.max(...VIEWERS) / LIMITS.socketsPerAdmin) }, (_, n) => ({
		...{ id: `bench/${n}`, email: `bench-${n}@townwatch.example`, name: `Bench ${n}` },
		...{ is_admin: true, blocked_at: null, signIn: "bench" },
	}));

/**
 * 1,000 changes a second in a town, through ingest, capture, feed, session and socket, to viewers in Node: milliseconds from
 * commit (the batch's own time) to receipt in the client. Against it, an object that sends each change to each viewer.
 */
export async function benchFanOut(app: Running, worker: BenchWorker): Promise<string> {
	const rows: string[][] = [];
	for (const viewers of VIEWERS) {
		const ours = await batched(app, viewers);
		const theirs = await perEvent(worker, viewers);
		const show = ({ p50, p99 }: Latency) => `${figure(p50)} / ${figure(p99)}`;
		const share = ({ received, expected }: Latency) => `${((100 * received) / expected).toFixed(1)} %`;
		rows.push([String(viewers), show(ours), share(ours), show(theirs), share(theirs)]);
	}
	return markdown(
		["viewers", "batched: p50 / p99 ms", "received", "a frame per change: p50 / p99 ms", "received"],
		rows,
	);
}

async function batched(app: Running, count: number): Promise<Latency> {
	const names = Array.from({ length: AGENTS }, (_, n) => `a${n}`);
	const town = await testTown(app.settings, names);
	const latencies: number[] = [];
	let received = 0;
	const receive = (text: string) => {
		if (!text.startsWith('{"t":"changes"')) return;
		const now = Date.now();
		for (const [, from, to, at] of text.matchAll(BATCH)) {
			received += Number(to) - Number(from) + 1;
			for (let seq = Number(from); seq <= Number(to); seq++) latencies.push(now - Number(at));
		}
	};
	const clients: TownClient[] = [];
	for (let n = 0; n < count; n++) {
		const email = benchAdmins()[Math.floor(n / LIMITS.socketsPerAdmin)]?.email ?? "";
		const client = (await nodeViewers(app.settings, email, receive))(town.id);
		await until(client, "live", () => client.store.getState().connection.is === "live");
		clients.push(client);
	}
	latencies.length = 0;
	received = 0;
	const begun = Math.max(...clients.map(seqOf));
	const beat = (tool: string) =>
		town.client.post("heartbeat", {
			instance_id: "bench",
			agents: town.agents.map((agent_id) => ({
				...{ agent_id, last_event_type: null, last_event_at: null, pid: 1, cpu: null, memory_mb: null },
				active_tools: [tool],
			})),
			container: null,
		});
	const calls = (PER_SECOND * SECONDS) / AGENTS;
	const begin = Date.now();
	const inFlight: Promise<unknown>[] = [];
	for (let n = 0; n < calls; n++) {
		await sleepUntil(begin + (n * 1_000 * AGENTS) / PER_SECOND);
		inFlight.push(beat(`tool-${n}`));
	}
	await Promise.all(inFlight);
	// The last word of all, since those before may have overtaken one another: who has it has everything.
	const last = "the end";
	await beat(last);
	const toolsOf = (client: TownClient) =>
		town.agents.map(
			(agent) => client.store.getState().view.tables.agent_metadata.get(agent)?.active_tools[0],
		);
	for (const client of clients)
		await until(client, "at the end", () => toolsOf(client).every((tool) => tool === last));
	const expected = (Math.max(...clients.map(seqOf)) - begun) * count;
	for (const client of clients) client.close();
	return {
		p50: median(latencies),
		p99: percentile(latencies, 99),
		received,
		expected,
	};
}

/** The beginning of a batch in a frame's text: read without parsing, since parsing for 50 viewers would be what is measured. */
const BATCH = /\{"from":(\d+),"to":(\d+),"at":(\d+)/g;

const seqOf = (client: TownClient): number => client.store.getState().view.position?.seq ?? 0;

async function perEvent(worker: BenchWorker, count: number): Promise<Latency> {
	const name = `feed-${count}`;
	const latencies: number[] = [];
	const sockets = await Promise.all(
		Array.from(
			{ length: count },
			() =>
				new Promise<WebSocket>((resolve, reject) => {
					const socket = new WebSocket(`${worker.url.replace("http", "ws")}/unbatched/feed?name=${name}`);
					socket.on("message", (data) => {
						latencies.push(Date.now() - (JSON.parse(String(data)) as { at: number }).at);
					});
					socket.once("open", () => resolve(socket)).once("error", reject);
				}),
		),
	);
	const calls = (PER_SECOND * SECONDS) / AGENTS;
	const expected = calls * AGENTS * count;
	const begin = Date.now();
	const inFlight: Promise<unknown>[] = [];
	for (let n = 0; n < calls; n++) {
		await sleepUntil(begin + (n * 1_000 * AGENTS) / PER_SECOND);
		inFlight.push(worker.call("/unbatched/change", { name, count: AGENTS }));
	}
	await Promise.all(inFlight);
	const deadline = Date.now() + 20_000;
	while (latencies.length < expected && Date.now() < deadline)
		await new Promise((resolve) => setTimeout(resolve, 50));
	for (const socket of sockets) socket.terminate();
	return { p50: median(latencies), p99: percentile(latencies, 99), received: latencies.length, expected };
}
