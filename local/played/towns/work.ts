import { randomBytes, randomInt } from "node:crypto";
import type { GitReport, ListedAgents, ReadyBead } from "../../../shared/ingest/index.ts";
import { CRASHED, type Exit } from "../agent-process.ts";
import { Refused } from "../ingest-client.ts";
import type { TownPlayer } from "../town-player.ts";
import { JOBS, type Job, REVIEW } from "./jobs.ts";

/** Beads that can be worked on now: open, assigned to nobody, blocked by nothing. Oldest first. */
export async function readyBeads(
	player: TownPlayer,
	type: "issue" | "merge_request",
	rig: string,
): Promise<ReadyBead[]> {
	const answer = await player.client.gastown<"readyBeads", { beads: ReadyBead[] }>(
		"readyBeads",
		{ type, rig_id: rig },
		player.signal,
	);
	return answer.beads;
}

/**
 * Takes the best ready bead for one agent and holds it while it is being started, so that two agents of a rig, who look at
 * the same time, do not take it from each other. Answers false where nothing is ready.
 */
export async function takeReady(
	player: TownPlayer,
	type: "issue" | "merge_request",
	rig: string,
	work: (bead: ReadyBead) => Promise<unknown>,
): Promise<boolean> {
	const bead = (await readyBeads(player, type, rig)).find(({ bead_id }) => !player.held.has(bead_id));
	if (!bead) return false;
	player.held.add(bead.bead_id);
	await work(bead).finally(() => player.held.delete(bead.bead_id));
	return true;
}

/** The bead that waits on an idle agent's hook, as an admin or a user gave it; null where there is none. */
export async function hookOf(player: TownPlayer, agent: string): Promise<ReadyBead | null> {
	const { agents } = await player.client.gastown<"listAgents", ListedAgents>("listAgents", {}, player.signal);
	const own = agents.find(({ id }) => id === agent);
	if (own?.status !== "idle" || own.hook === null) return null;
	return { bead_id: own.hook, title: own.hook_title ?? "", labels: [] };
}

/** A user's wish becomes a bead. */
export async function wish(player: TownPlayer, rig: string, job: Job, by: string): Promise<void> {
	await player.client.gastown("createBead", {
		...{ title: job.title, body: job.body, rig_id: rig, created_by: by },
		priority: (["low", "medium", "medium", "high"] as const)[randomInt(4)],
	});
}

const jobOf = (bead: ReadyBead): Job =>
	JOBS.find(({ title }) => bead.title.startsWith(title)) ?? (JOBS[0] as Job);

/** One polecat takes one bead through its work: start, stream, push, done. With `crash`, its process dies on the way. */
export async function workOn(
	player: TownPlayer,
	agent: string,
	rig: string,
	bead: ReadyBead,
	{ crash = false } = {},
): Promise<Exit["status"]> {
	const job = jobOf(bead);
	const branch = `${job.branch}-${bead.bead_id.slice(0, 6)}`;
	const finish = async (life: AbortSignal) => {
		const push: GitReport = {
			...({ operation: "push", rig_id: rig, agent_id: agent, bead_id: bead.bead_id } as const),
			...({ command: `git push origin ${branch}`, outcome: "ok", exit_code: 0, stderr: null } as const),
			duration_ms: 840,
		};
		await player.git(push, life);
		const done = { agent_id: agent, branch, summary: `Done: ${bead.title}` };
		await player.client.gastown("agentDone", done, life);
	};
	const fails = crash ? { at: 0.5, exit: CRASHED } : undefined;
	const process = await player.dispatch(agent, bead.bead_id, { recording: job.recording, fails, finish });
	await player.client.gastown("setAgentStatusMessage", {
		agent_id: agent,
		message: `Working on: ${bead.title}`,
	});
	return (await process.ended).status;
}

/** The refinery reviews one merge request and merges it, or meets a conflict. */
export async function review(
	player: TownPlayer,
	refinery: string,
	rig: string,
	request: ReadyBead,
	{ conflict = false } = {},
): Promise<void> {
	const entry_id = request.bead_id;
	const merge = { rig_id: rig, agent_id: refinery, bead_id: entry_id, operation: "merge" } as const;
	const finish = async (life: AbortSignal) => {
		const outcome = conflict ? CONFLICT : ({ outcome: "ok", exit_code: 0, stderr: null } as const);
		await player.git({ ...merge, command: "git merge --no-ff", duration_ms: 420, ...outcome }, life);
		await player.client.gastown(
			"completeReview",
			conflict
				? { entry_id, status: "conflict", message: "src/cart.js was changed on main meanwhile" }
				: { entry_id, status: "merged", commit_sha: randomBytes(20).toString("hex") },
			life,
		);
	};
	const process = await player.dispatch(refinery, entry_id, { recording: REVIEW, finish });
	await process.ended;
}

const CONFLICT = {
	outcome: "conflict",
	exit_code: 1,
	stderr:
		"CONFLICT (content): Merge conflict in src/cart.js\nAutomatic merge failed; fix conflicts and then commit.",
} as const;

/**
 * Runs `turn` again and again until the container ends. What an admin has changed meanwhile shows as a refusal: it is told
 * in the log, and the next turn looks afresh.
 */
export async function forever(player: TownPlayer, restMs: number, turn: () => Promise<void>): Promise<void> {
	while (!player.signal.aborted) {
		await turn().catch((error: unknown) => {
			if (player.signal.aborted) return;
			if (!(error instanceof Refused)) throw error;
			player.log(`refused: ${error.message}`);
		});
		await player.pause(restMs).catch(() => undefined);
	}
}
