import type { Drill } from "./drill.ts";
import type { DrillTown } from "./drill-town.ts";
import { unique } from "./reviews.ts";

const SAYS = "The Mayor isn't responding.";

const say = (town: DrillTown, message: string) =>
	town.client.gastown("sendMayorMessage", { message, actor: town.owner });

/** Its owner asks it something, and it has a session from then on; answers the process group. */
async function awake(town: DrillTown, message = "What is the status?"): Promise<number> {
	await say(town, message);
	return await town.until("the Mayor's process", async () => {
		const mayor = (await town.agents()).find(({ role }) => role === "mayor");
		const group = (await town.groups()).find(({ agent_id }) => agent_id === mayor?.id);
		return mayor?.status !== "idle" && group?.pgid;
	});
}

/** It has answered and waits for the next message. */
const answered = (town: DrillTown) =>
	town.until("its answer", async () =>
		(await town.agents()).some(({ role, status }) => role === "mayor" && status === "waiting"),
	);

export const mayor: readonly Drill[] = [
	{
		code: "mayor.crashed",
		says: SAYS,
		how: "Its process is ended with SIGSEGV.",
		async break(town) {
			const pgid = await awake(town);
			await answered(town);
			process.kill(-pgid, "SIGSEGV");
			return { work: [], answered: true };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "mayor.container-asleep",
		says: SAYS,
		how: "Its owner pauses the town and then asks the Mayor something.",
		async break(town) {
			await awake(town);
			await answered(town);
			await town.client.gastown("setTownState", {
				key: "run_policy",
				value: { policy: "paused_by_user", by: town.owner },
			});
			await town.until(
				"its container is stopped",
				async () => town.world.platform.state(town.id).status === "stopped",
			);
			await say(town, "Are you there?");
			return { work: [], answered: true };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "mayor.tool-loop",
		says: SAYS,
		how: "Its model makes the same call again and again.",
		async break(town) {
			await awake(town, "Look again and again until it is done.");
			return { work: [], answered: true };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "mayor.stale-prompt",
		says: SAYS,
		how: "The town's instructions are changed while its session goes on with the old ones.",
		thresholds: { prompt_grace_ms: 2_000 },
		async break(town) {
			await awake(town);
			await answered(town);
			await town.configure({ custom_instructions: "Answer in verse." });
			return { work: [] };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "mayor.session-errored",
		says: SAYS,
		how: "Its model refuses what it is sent with 400; the model of the others takes it.",
		config: { default_model: "scripted/fast", role_models: { mayor: "scripted/m" } },
		// Its session's model is told with the next sample, and is not changed before.
		env: { SAMPLE_MS: "500" },
		async break(town) {
			const question = unique("What is the status?");
			town.world.model.faults.add({
				match: { role: "mayor", model: "m", said: question },
				status: 400,
				times: 100,
			});
			await awake(town, question);
			return { work: [], answered: true };
		},
		alone: { mends: false, withinS: 8 },
	},
];
