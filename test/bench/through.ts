import type { ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { type NodeViewer, nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import type { StreamEvent } from "../../shared/protocol/index.ts";
import type { Running } from "../support/app.ts";
import { figure, markdown, median, percentile } from "./figures.ts";
import { heldModel } from "./held-model.ts";
import { atRest, townWithModel } from "./real-town.ts";

const AGENTS = [1, 4];
/** Pieces of text that each agent's model says without a pause; fewer than a page keeps of a stream. */
const PIECES = 25_000;
const BOUND_MS = 20_000;

const pieceOf = (n: number) => `${n} words. `;
const TEXT = Array.from({ length: PIECES }, (_, n) => pieceOf(n)).join("");

type Arrival = { at: number; events: number; latency: number };

/**
 * Real agents in a real container say what their model says, which says it as fast as it is read: events a second through
 * the container's spool, ingest, the agents' streams and the session into a console that folds them, none left out.
 */
export async function benchThrough(app: Running): Promise<string> {
	const rows: string[][] = [];
	for (const agents of AGENTS) rows.push(await through(app, agents));
	return markdown(
		[
			...["agents", "events", "events/s", "slowest to fastest second"],
			...["commit to viewer: p50 / p99 ms", "folded", "order equals the log"],
		],
		rows,
	);
}

async function through(app: Running, count: number): Promise<string[]> {
	const model = await heldModel(async (request, response) => {
		await json(request);
		sayAll(response);
	});
	const town = await townWithModel(app, model, count);
	const arrivals: Arrival[] = [];
	const viewer = (await nodeViewers(app.settings, undefined, (text) => arrivals.push(...arrivalsIn(text))))(
		town.id,
	);
	try {
		await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
		await town.beads(...Array.from({ length: count }, (_, n) => `Say a lot, number ${n}`));
		await model.asked(count);
		const agents = [...viewer.store.getState().view.tables.agent_metadata.values()].flatMap((agent) =>
			agent.current_hook_bead_id === null ? [] : [agent.bead_id],
		);
		for (const agent of agents) viewer.follow(agent);
		// What they said before they asked their model has arrived.
		for (const agent of agents) await until(viewer, "followed", () => eventsOf(viewer, agent).length > 0);
		arrivals.length = 0;
		const begin = Date.now();
		model.release();
		const ended = (agent: string) => eventsOf(viewer, agent).at(-1)?.[3] === "session.idle";
		const inTime = await until(viewer, "ended", () => agents.every(ended), BOUND_MS).then(
			() => true,
			() => false,
		);
		const ms = Date.now() - begin;
		const rated = rates(arrivals, begin, ms);
		return [String(count), ...rated, ...(await wholeness(viewer, agents, inTime))];
	} finally {
		viewer.close();
		await atRest(app, town);
		await model.close();
	}
}

/** The beginning of a segment in a frame's text: read without parsing, as the client has to do that too. */
const SEGMENT = /\{"from":(\d+),"to":(\d+),"at":(\d+),"attempt"/g;

function arrivalsIn(text: string): Arrival[] {
	if (!text.startsWith('{"t":"stream"')) return [];
	const now = Date.now();
	return [...text.matchAll(SEGMENT)].map(([, from, to, at]) => ({
		...{ at: now, events: Number(to) - Number(from) + 1, latency: now - Number(at) },
	}));
}

function rates(arrivals: Arrival[], begin: number, ms: number): string[] {
	const count = (some: Arrival[]) => some.reduce((sum, { events }) => sum + events, 0);
	const bySecond = Map.groupBy(arrivals, ({ at }) => Math.floor((at - begin) / 1_000));
	const seconds = Array.from({ length: Math.floor(ms / 1_000) }, (_, n) => count(bySecond.get(n) ?? []));
	const latencies = arrivals.flatMap(({ events, latency }) => Array<number>(events).fill(latency));
	return [
		figure(count(arrivals)),
		figure(count(arrivals) / (ms / 1_000)),
		`${figure(Math.min(...seconds))} to ${figure(Math.max(...seconds))}`,
		`${figure(median(latencies))} / ${figure(percentile(latencies, 99))}`,
	];
}

const eventsOf = (viewer: NodeViewer, agent: string): StreamEvent[] => viewer.stream(agent).getState().events;

/** What share of the agents' streams the viewer has by now, and whether it is in order and is what their models said. */
async function wholeness(viewer: NodeViewer, agents: string[], ended: boolean): Promise<string[]> {
	const streams = agents.map((agent) => ({ agent, events: [...eventsOf(viewer, agent)] }));
	let folded = 0;
	let stored = 0;
	let ordered = true;
	for (const { agent, events } of streams) {
		const newest = await viewer.query({
			...{ kind: "stream", agent, before: Number.MAX_SAFE_INTEGER, bytes: 1_000 },
		});
		const said = events
			.map(([, , , , properties]) => (properties as { delta?: string }).delta ?? "")
			.join("");
		folded += events.length;
		stored += newest.ok ? Math.max(...(newest.rows as StreamEvent[]).map(([seq]) => seq)) : Number.NaN;
		ordered &&= ended ? said === TEXT : TEXT.startsWith(said);
		ordered &&= events.every(([seq], n) => seq === n + 1);
	}
	const share = `${((100 * folded) / stored).toFixed(1)} %`;
	return [ended ? share : `${share} after ${BOUND_MS / 1_000} s`, ordered ? "yes" : "NO"];
}

/** All of it in one answer: how fast it is read is up to the agent. */
function sayAll(response: ServerResponse): void {
	const said = (value: object) => `data: ${JSON.stringify({ id: "bench", ...value })}\n\n`;
	const piece = (delta: object, finish: string | null = null) =>
		said({ choices: [{ index: 0, delta, finish_reason: finish }] });
	const pieces = Array.from({ length: PIECES }, (_, n) => piece({ content: pieceOf(n) }));
	response.writeHead(200, { "content-type": "text/event-stream" });
	response.end([...pieces, piece({}, "stop"), "data: [DONE]\n\n"].join(""));
}
