import { nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import type { TownClient } from "../../web/live/client.ts";
import { expect, test } from "../support/app.ts";
import { numbered, testTown } from "../support/test-town.ts";

const VIEWERS = 5;
const RESTARTS = 3;

/** Sequence numbers and contents of an agent's stream as this viewer has them. */
const streamOf = (viewer: TownClient, agent: string) =>
	viewer
		.stream(agent)
		.getState()
		.events.map(([seq, , id, type, properties]) => ({ seq, id, type, properties }));

const rowsOf = (viewer: TownClient) => {
	const { view } = viewer.store.getState();
	return Object.fromEntries(
		["beads", "agent_metadata", "rigs"].map((entity) => [
			entity,
			[...view.tables[entity as "beads"].entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
		]),
	);
};

test("FEED-3 STREAM-1 SESSION-6: the worker is killed in a busy stream, and every viewer ends with exactly what the log has", async ({
	app,
}) => {
	test.setTimeout(240_000);
	const town = await testTown(app.settings, ["busy", "quiet"]);
	const [busy = ""] = town.agents;
	const beads = await town.beads(40);
	const open = await nodeViewers(app.settings);
	const viewers = Array.from({ length: VIEWERS }, () => open(town.id));
	for (const viewer of viewers) {
		viewer.follow(busy);
		await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
	}

	const stream = town.stream(busy);
	let sent = 0;
	let changed = 0;
	let working = true;
	const talking = (async () => {
		while (working) {
			for (let n = 0; n < 25; n++) stream.push(numbered(++sent));
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	})();
	const changing = (async () => {
		while (working) {
			changed += 1;
			const priority = (["low", "medium", "high", "critical"] as const)[changed % 4];
			// A change that was made although its answer was lost is refused as no change when it is sent again.
			await town.client
				.gastown("updateBead", { bead_id: beads[changed % beads.length] ?? "", fields: { priority } })
				.catch(() => undefined);
		}
	})();

	for (let n = 0; n < RESTARTS; n++) {
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		await app.killWorker();
		await app.startWorker();
		for (const viewer of viewers)
			await until(viewer, "live again", () => viewer.store.getState().connection.is === "live", 60_000);
	}
	await new Promise((resolve) => setTimeout(resolve, 1_000));
	working = false;
	await Promise.all([talking, changing]);
	await stream.close();

	const log = open(town.id);
	log.follow(busy);
	await until(log, "live", () => log.store.getState().connection.is === "live");
	await until(log, "at the end of the stream", () => streamOf(log, busy).at(-1)?.id === numbered(sent).id);
	while ((log.stream(busy).getState().oldest ?? 1) > 1) {
		const older = await log.loadOlder(busy);
		expect(older.ok).toBe(true);
	}
	const stored = streamOf(log, busy);
	const texts = stored.map(({ properties }) => (properties as { delta?: string }).delta ?? "").join("");
	expect(texts).toBe(Array.from({ length: sent }, (_, n) => `${n + 1} words. `).join(""));
	expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, n) => n + 1));

	const end = log.store.getState().view.position;
	for (const viewer of viewers) {
		const at = () => viewer.store.getState().view.position;
		await until(viewer, "at the town's head", () => (at()?.seq ?? 0) >= (end?.seq ?? 0));
		await until(viewer, "at the stream's end", () => streamOf(viewer, busy).at(-1)?.seq === stored.length);
		const seen = streamOf(viewer, busy);
		expect(seen).toEqual(stored.slice(-seen.length));
		expect(seen.length).toBe(stored.length);
		expect(rowsOf(viewer)).toEqual(rowsOf(log));
		viewer.close();
	}
	log.close();
});
