import { ingestClient } from "../played/ingest-client.ts";
import { seedTown } from "../played/seed.ts";
import { startTownPlayer } from "../played/town-player.ts";
import { longmeadow } from "../played/towns/longmeadow.ts";
import { harborLights } from "./harbor-lights.ts";
import { quietMill } from "./quiet-mill.ts";
import { type DemoWorld, openTown } from "./real-town.ts";

export const REAL_TOWNS = [quietMill, harborLights];

/** Runs the demo's towns, or those named: two that work, and a large one that was recorded. Says `… is alive` of each. */
export async function runDemo(world: DemoWorld, wanted: readonly string[] | null): Promise<void> {
	const isWanted = ({ id }: { id: string }) => wanted === null || wanted.includes(id);
	const real = REAL_TOWNS.filter(isWanted).map(async (plan) => {
		const town = await openTown(plan, world);
		world.say(`${plan.name} is alive`);
		await plan.live(town);
	});
	await Promise.all([...real, ...(isWanted(longmeadow) ? [playRecorded(world)] : [])]);
}

/** Its container is nobody's that could be asked: it is played, and the scheduler leaves it alone. */
async function playRecorded({ worker, secret, signal, say }: DemoWorld): Promise<void> {
	const client = ingestClient(worker, longmeadow.id, secret);
	await seedTown(longmeadow, client, say);
	const player = await startTownPlayer({ town: longmeadow.id, client, signal, say });
	say(`${longmeadow.name} is alive`);
	signal.addEventListener("abort", () => void player.close());
	await longmeadow.play(player);
}
