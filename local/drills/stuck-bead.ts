import type { Drill } from "./drill.ts";
import { unique } from "./reviews.ts";

const SAYS = "My bead has been open forever.";

export const stuckBead: readonly Drill[] = [
	{
		code: "bead.no-idle-agent",
		says: SAYS,
		how: "The rig may have one polecat, which builds for long, and more work waits.",
		config: { max_polecats_per_rig: 1 },
		thresholds: { no_idle_agent_ms: 3_000 },
		async break(town) {
			const first = await town.bead("A quiet build of 25 s");
			await town.atWork(first);
			return { work: [first, await town.bead("Add the basket helper")] };
		},
		alone: { mends: true, withinS: 45 },
	},
	{
		code: "bead.all-stalled",
		says: SAYS,
		how: "The processes of all its polecats are stopped with SIGSTOP.",
		config: { max_polecats_per_rig: 2 },
		// The remedy takes one after the other, and has to be done before Gastown stops them itself.
		thresholds: { gupp_warn_ms: 6_000, gupp_escalate_ms: 12_000, gupp_stop_ms: 32_000 },
		async break(town) {
			const work = await Promise.all(["basket", "shelf"].map((what) => town.bead(`Add the ${what} helper`)));
			for (const { pgid } of await Promise.all(work.map((bead) => town.atWork(bead))))
				process.kill(-pgid, "SIGSTOP");
			return { work };
		},
		alone: { mends: true, withinS: 60 },
	},
	{
		code: "bead.dispatch-failing",
		says: SAYS,
		how: "The town's model is set to one that does not exist.",
		config: { default_model: "scripted/none" },
		thresholds: { back_off_ms: [300, 500, 20_000, 20_000, 20_000] },
		async break(town) {
			return { work: [await town.bead("Add the basket helper")] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "bead.dead-assignee",
		says: SAYS,
		how: "It is assigned to a polecat that was removed from the town, as Gastown could leave it.",
		async break(town) {
			const bead_id = await town.bead("Add the basket helper", { labels: ["gt:held"] });
			const agent_id = await town.polecat();
			await town.client.gastown("deleteAgent", { agent_id });
			await town.client.gastown("practiceState", { state: "assigned-to-gone", agent_id, bead_id });
			await town.client.gastown("updateBead", { bead_id, fields: { labels: [] }, actor: town.owner });
			return { work: [bead_id] };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "bead.blocked-by-dependency",
		says: SAYS,
		how: "It waits for another bead, which has failed.",
		async break(town) {
			const first = await town.bead("Add the price helper", { labels: ["gt:held"] });
			const second = await town.bead("Add the basket helper", { labels: ["gt:held"] });
			const release = (bead_id: string) =>
				town.client.gastown("updateBead", { bead_id, fields: { labels: [] }, actor: town.owner });
			await town.client.gastown("addDependency", { bead_id: second, depends_on_bead_id: first });
			await town.client.gastown("updateBeadStatus", {
				...{ bead_id: first, status: "failed", actor: town.owner },
				failure_reason: { code: "given_up", message: "Not needed this week.", source: "user" },
			});
			await release(first);
			await release(second);
			return { work: [first, second] };
		},
		alone: { mends: false, withinS: 8 },
	},
	{
		code: "bead.review-backed-up",
		says: SAYS,
		how: "Seven beads come to review at once, and the refinery takes its time for each.",
		config: { max_polecats_per_rig: 5 },
		thresholds: { review_long_ms: 4_000 },
		async break(town) {
			const batch = unique("for batch");
			town.world.model.faults.add({ match: { role: "refinery", title: batch }, delay_ms: 1_500, times: 200 });
			const names = ["basket", "shelf", "label", "stamp", "parcel", "coupon", "tax"];
			return { work: await Promise.all(names.map((what) => town.bead(`Add the ${what} helper ${batch}`))) };
		},
		alone: { mends: true, withinS: 90 },
	},
];
