import { wait } from "../../container/wait.ts";
import type { Drill } from "./drill.ts";
import type { DrillTown } from "./drill-town.ts";
import { statusOf } from "./reviews.ts";

const SAYS = "My agent isn't doing anything.";

/** A build that says nothing for so long, in the middle of a task. */
const long = (seconds: number): string => `A quiet build of ${seconds} s`;

const signal = (pgid: number, name: NodeJS.Signals): void => void process.kill(-pgid, name);
const pause = (town: DrillTown, ms: number) => wait(ms, town.world.signal);

export const stuckAgent: readonly Drill[] = [
	{
		code: "agent.container-died",
		says: SAYS,
		how: "Its container is killed in the middle of the work, until the town may not start it again.",
		thresholds: { restart_budget: 1, restart_throttle_ms: 500 },
		async break(town) {
			const bead = await town.bead(long(40));
			await town.atWork(bead);
			await town.world.platform.stop(town.id, "kill");
			await town.atWork(bead);
			await town.world.platform.stop(town.id, "kill");
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "agent.clone-failed",
		says: SAYS,
		how: "A private repository is added to the town, and no integration is linked to it.",
		thresholds: { back_off_ms: [20_000, 20_000, 20_000, 20_000, 20_000] },
		async break(town) {
			const { forge, tokens } = town.world;
			const repository = `practice/private-${town.id}`;
			await forge.ensure(repository);
			const own = town.integrationId("shop");
			tokens.put({ id: own, repositories: [town.repository, repository] });
			const rig = await town.client.gastown<"createRig", { id: string }>("createRig", {
				...{ name: "private", git_url: `${forge.url}/${repository}.git` },
			});
			return { work: [await town.bead("Add the basket helper", { rig_id: rig.id })] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "agent.dispatch-exhausted",
		says: SAYS,
		how: "Its town's model did not exist until all its starts were used; then its owner corrected it.",
		config: { default_model: "scripted/none" },
		thresholds: { back_off_ms: [200, 200, 200, 200, 200] },
		async break(town) {
			const bead = await town.bead("Add the basket helper");
			await statusOf(town, bead, "failed");
			await town.configure({ default_model: "scripted/m" });
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "agent.names-exhausted",
		says: SAYS,
		how: "The rig's only polecat is still hooked to a bead that has ended, as Gastown could leave it, where the scheduler is somebody else's.",
		config: { external_container: true, max_polecats_per_rig: 1 },
		thresholds: { slot_held_ms: 1_500 },
		async break(town) {
			const agent_id = await town.polecat();
			const ended = await town.bead("Add the old helper");
			await town.client.gastown("closeBead", { bead_id: ended, actor: town.owner });
			await town.client.gastown("practiceState", { state: "ended-on-hook", agent_id, bead_id: ended });
			const waits = await town.bead("Add the basket helper");
			// Once the slot is free, this town's own scheduler goes on with what waits.
			void town
				.until("its slot is free", async () => (await town.agents()).every(({ hook }) => hook === null), 120)
				.then(() => town.configure({ external_container: false }))
				.catch(() => undefined);
			return { work: [waits] };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "agent.gupp-timeout",
		says: SAYS,
		how: "The agent's process is stopped with SIGSTOP; its container goes on.",
		thresholds: { gupp_warn_ms: 6_000, gupp_escalate_ms: 12_000, gupp_stop_ms: 20_000 },
		async break(town) {
			const bead = await town.bead("Add the basket helper");
			const { pgid } = await town.atWork(bead);
			await pause(town, 700);
			signal(pgid, "SIGSTOP");
			return { work: [bead] };
		},
		alone: { mends: true, withinS: 40 },
	},
	{
		code: "agent.process-crashed",
		says: SAYS,
		how: "The agent's process is ended with SIGSEGV, again and again.",
		thresholds: { back_off_ms: [20_000, 20_000, 20_000, 20_000, 20_000] },
		async break(town) {
			const bead = await town.bead(long(30));
			const { pgid } = await town.atWork(bead);
			signal(pgid, "SIGSEGV");
			return { work: [bead] };
		},
		alone: { mends: true, withinS: 45 },
	},
];
