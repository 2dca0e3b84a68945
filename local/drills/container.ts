import type { Drill } from "./drill.ts";

const SAYS = "My container keeps dying.";

export const container: readonly Drill[] = [
	{
		code: "container.platform",
		says: SAYS,
		how: "The platform refuses three starts in a row, which uses what the town may restart; then it is well again.",
		async break(town) {
			town.world.platform.refuse(3, town.id);
			return { work: [await town.bead("Add the basket helper")] };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "container.oom",
		says: SAYS,
		how: "Its memory holds one agent that builds, and two build at a time.",
		config: { max_polecats_per_rig: 2 },
		env: { MEMORY_LIMIT_MB: "1300", SAMPLE_MS: "300", DRAIN_MS: "500" },
		async break(town) {
			const titles = ["A heavy build of 600 MB for the shop", "A heavy build of 600 MB for the basket"];
			const work = await Promise.all(titles.map((title) => town.bead(title)));
			for (const bead of work) await town.atWork(bead);
			return { work };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "container.sleep-wake",
		says: SAYS,
		how: "Its platform puts it to sleep after seconds without a request, and its agent builds for longer without a word.",
		thresholds: { idle_stop_ms: 4_000 },
		env: { DRAIN_MS: "500" },
		async break(town) {
			town.world.platform.sleeps(town.id);
			const bead = await town.bead("A quiet build of 12 s");
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 12 },
	},
	{
		code: "container.bad-env",
		says: SAYS,
		how: "One of its variables gets a value that no agent can be started with, and the container is started anew.",
		config: { env_vars: { AGENT_RETRY_MS: "2000" } },
		thresholds: { back_off_ms: [4_000, 4_000, 4_000, 4_000, 4_000] },
		env: { DRAIN_MS: "500" },
		async break(town) {
			const bead = await town.bead("A quiet build of 20 s");
			await town.atWork(bead);
			await town.configure({ env_vars: { AGENT_RETRY_MS: "soon" } });
			await town.world.platform.stop(town.id, "term");
			return { work: [bead], secrets: { "config.set-env": "2000" } };
		},
		alone: { mends: false, withinS: 6 },
	},
];
