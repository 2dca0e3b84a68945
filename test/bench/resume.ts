import { nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import type { Running } from "../support/app.ts";
import { testTown } from "../support/test-town.ts";
import { figure, markdown, median } from "./figures.ts";

const MISSED = 10_000;
const AGENTS = 50;
const REPEATS = 3;

/** A viewer loses its socket, misses 10,000 changes, and comes back with its cursor: milliseconds until it has them all. */
export async function benchResume(app: Running): Promise<string> {
	const town = await testTown(
		app.settings,
		Array.from({ length: AGENTS }, (_, n) => `a${n}`),
	);
	let open = true;
	let frames = 0;
	const line = await nodeViewers(app.settings, undefined, () => {
		frames += 1;
	});
	const viewer = line(town.id, () => open);
	const seq = () => viewer.store.getState().view.position?.seq ?? 0;
	await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
	const times: number[] = [];
	const counts: number[] = [];
	let beat = 0;
	for (let n = 0; n < REPEATS; n++) {
		open = false;
		viewer.cut();
		const before = seq();
		for (let made = 0; made < MISSED; made += AGENTS) {
			beat += 1;
			await town.client.post("heartbeat", {
				instance_id: "bench",
				agents: town.agents.map((agent_id) => ({
					...{ agent_id, last_event_type: null, last_event_at: null, pid: 1, cpu: null, memory_mb: null },
					active_tools: [`tool-${beat}`],
				})),
				container: null,
			});
		}
		frames = 0;
		const begin = performance.now();
		open = true;
		viewer.retry();
		await until(viewer, "resumed", () => seq() >= before + MISSED);
		times.push(performance.now() - begin);
		counts.push(frames);
	}
	viewer.close();
	return markdown(
		["resume of 10,000 missed changes", "median"],
		[
			["milliseconds until the viewer has them", figure(median(times))],
			["messages that it took", figure(median(counts))],
		],
	);
}
