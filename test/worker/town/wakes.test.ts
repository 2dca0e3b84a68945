import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { FEED_PATH, SUBSCRIBER_HEADER } from "../../../shared/protocol/index.ts";
import { townOf, workingTown } from "./support.ts";

/** What a subscriber hears, message by message. */
async function listen(town: { stub: { fetch: (request: Request) => Promise<Response> } }) {
	const headers = { Upgrade: "websocket", [SUBSCRIBER_HEADER]: crypto.randomUUID() };
	const { webSocket } = await town.stub.fetch(new Request(`https://town${FEED_PATH}`, { headers }));
	if (!webSocket) throw new Error("no socket");
	let wanted: { text: string; found: (message: Record<string, unknown>) => void } | null = null;
	webSocket.addEventListener("message", ({ data }) => {
		const message = JSON.parse(String(data)) as Record<string, unknown>;
		if (wanted && String(data).includes(wanted.text)) wanted.found(message);
	});
	webSocket.accept();
	return {
		close: () => webSocket.close(1000),
		/** The next message that holds this text, after `act`. */
		async next(text: string, act: () => unknown): Promise<Record<string, unknown>> {
			const message = new Promise<Record<string, unknown>>((found) => {
				wanted = { text, found };
			});
			await act();
			return message;
		},
		subscribe: () => webSocket.send(JSON.stringify({ t: "subscribe", cursor: null })),
	};
}

test("FEED-9: a heartbeat is shown live at once, in a message that no log holds", async () => {
	const town = await workingTown("live-pulse");
	const feed = await listen(town);
	await feed.next('"t":"head"', feed.subscribe);
	const beat = (cpu: number) =>
		town.report("heartbeat", {
			instance_id: "i-1",
			agents: [
				{
					...{ agent_id: town.toast, last_event_type: null, last_event_at: null, active_tools: [] },
					...{ pid: 1, cpu, memory_mb: 100 },
				},
			],
			container: { cpu: 5, memory_mb: 900, memory_limit_mb: 2_048 },
		});
	await beat(1);
	await town.report("log", { lines: ["started"] });
	const pulse = await feed.next('"cpu":77.125', () => beat(77.125));
	expect(pulse.agents).toMatchObject([{ agent_id: town.toast, cpu: 77.125, memory_mb: 100 }]);
	expect(pulse.container).toMatchObject({ cpu: 5, memory_mb: 900, memory_limit_mb: 2_048, log: ["started"] });
	expect(JSON.stringify(await town.stub.query({ kind: "changes", before: null, limit: 500 }))).not.toContain(
		"77.125",
	);
	feed.close();
});

test("ALARM-1: a look that was planned before the object slept is taken after it", async () => {
	const town = await workingTown("sleeper");
	await evictDurableObject(env.TOWN.getByName("sleeper"));
	expect(await town.stub.rows([{ entity: "town_state", key: "health" }])).toEqual([null]);
	await town.inside((instance) => {
		instance.clock = () => Date.now() + 10_000;
	});
	expect(await runDurableObjectAlarm(env.TOWN.getByName("sleeper"))).toBe(true);
	expect((await town.row("town_state", "health")).value).toMatchObject({ light: expect.any(String) });
});

test("FEED-7: a town that dies keeps every call that it answered, and its feed goes on from there", async () => {
	const town = await workingTown("dies");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await abortAllDurableObjects();
	const again = townOf("dies");
	expect(await again.row("agent_metadata", town.toast)).toMatchObject({ current_hook_bead_id: "bead-1" });
	const feed = await listen(again);
	await feed.next('"t":"head"', feed.subscribe);
	const frame = await feed.next('"t":"changes"', () => again.must("startDispatch", { agent_id: town.toast }));
	expect(JSON.stringify(frame)).toContain('"what":"startDispatch"');
	feed.close();
}, 40_000);
