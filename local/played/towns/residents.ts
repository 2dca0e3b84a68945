import type { ReadyBead } from "../../../shared/ingest/index.ts";
import type { TownPlayer } from "../town-player.ts";
import { JOBS } from "./jobs.ts";
import { idIn } from "./town-script.ts";
import { forever, hookOf, readyBeads, review, takeReady, wish, workOn } from "./work.ts";

/** People keep wishing for things, as long as fewer than `atMost` wait. */
export function wishes(
	player: TownPlayer,
	{ rig, by, everyMs, atMost }: { rig: string; by: string; everyMs: number; atMost: number },
): Promise<void> {
	const rigId = idIn(player.town, rig);
	let n = 0;
	return forever(player, everyMs, async () => {
		const waiting = await readyBeads(player, "issue", rigId);
		const job = JOBS[n % JOBS.length];
		if (waiting.length >= atMost || !job) return;
		n += 1;
		await wish(player, rigId, job, by);
	});
}

/** A polecat takes the best ready bead of its rig, works it to its end, rests. Every `crashEvery`th time its process dies. */
export function polecat(
	player: TownPlayer,
	name: string,
	{ rig, restMs, crashEvery = 0 }: { rig: string; restMs: number; crashEvery?: number },
): Promise<void> {
	let n = 0;
	return forever(player, restMs, async () => {
		const crash = crashEvery > 0 && n % crashEvery === crashEvery - 1;
		if (await worksOnce(player, name, rig, crash)) n += 1;
	});
}

/** What it was given by hand comes first; else the best ready bead of its rig. False where there is nothing to do. */
async function worksOnce(player: TownPlayer, name: string, rig: string, crash = false): Promise<boolean> {
	const [agent, rigId] = [idIn(player.town, name), idIn(player.town, rig)];
	const work = (bead: ReadyBead) => workOn(player, agent, rigId, bead, { crash });
	const given = await hookOf(player, agent);
	if (!given) return takeReady(player, "issue", rigId, work);
	await work(given);
	return true;
}

/** A refinery reviews the merge requests of its rig one by one; every `conflictEvery`th meets a conflict. */
export function refinery(
	player: TownPlayer,
	name: string,
	{ rig, restMs, conflictEvery = 0 }: { rig: string; restMs: number; conflictEvery?: number },
): Promise<void> {
	const rigId = idIn(player.town, rig);
	let n = 0;
	return forever(player, restMs, async () => {
		const conflict = conflictEvery > 0 && n % conflictEvery === conflictEvery - 1;
		const work = (request: ReadyBead) =>
			review(player, idIn(player.town, name), rigId, request, { conflict });
		if (await takeReady(player, "merge_request", rigId, work)) n += 1;
	});
}

/** A mayor whose session is alive and waits for a message. When it is stopped, it is started again a little later. */
export function mayorWaits(player: TownPlayer, name: string): Promise<void> {
	const agent = idIn(player.town, name);
	return forever(player, 15_000, async () => {
		const waits = () =>
			player.client.gastown("updateAgentStatus", { agent_id: agent, status: "waiting" }).then(() => {});
		const process = await player.dispatch(agent, null, {
			recording: "lifecycle",
			stays: true,
			finish: waits,
		});
		await process.ended;
	});
}
