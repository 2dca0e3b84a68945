import type { Drill } from "./drill.ts";
import { refineryWaits, unique } from "./reviews.ts";

const SAYS = "I'm being charged but nothing is happening.";

/** Answers of the model in a review that only sends back. */
const ANSWERS = 3;
const REVIEWS = 3;

export const spend: readonly Drill[] = [
	{
		code: "spend.zombie-agent",
		says: SAYS,
		how: "Its owner closes a bead while an agent works on it, and the agent's process goes on.",
		thresholds: { idle_process_ms: 3_000 },
		async break(town) {
			const bead = await town.bead("Look at the stock by the same call again and again");
			await town.atWork(bead);
			await town.client.gastown("closeBead", { bead_id: bead, actor: town.owner });
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "spend.retry-loop",
		says: SAYS,
		how: "The agent works, commits, and ends without handing in what it did, start after start.",
		thresholds: { stale_work_ms: 1_000, back_off_ms: [300, 300, 6_000, 1_000, 1_000] },
		env: { POLECAT_IDLE_MS: "500" },
		async break(town) {
			const bead = await town.bead("Tidy the shelves and forget to say so");
			return { work: [], given_up: [bead] };
		},
		alone: { mends: true, withinS: 45 },
	},
	{
		code: "spend.review-churn",
		says: SAYS,
		how: "The refinery asks for changes to the same work whenever it reviews it.",
		async break(town) {
			const title = unique("Add the gift helper, never good enough");
			const next = refineryWaits(town, title, REVIEWS * ANSWERS, 25_000);
			const bead = await town.bead(title);
			await town.until("its fourth review", async () => next.times === 0, 80);
			return { work: [], given_up: [bead] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "spend.idle-container",
		says: SAYS,
		how: "The model never answers the Mayor: its turn does not end, and nothing else is to do.",
		thresholds: { idle_stop_ms: 3_000, gupp_warn_ms: 6_000 },
		env: { DRAIN_MS: "500" },
		async break(town) {
			const message = unique("How do things stand?");
			const { faults } = town.world.model;
			const hangs = faults.add({ match: { role: "mayor", said: message }, delay_ms: 120_000 });
			await town.client.gastown("sendMayorMessage", { message, actor: town.owner });
			await town.until("the Mayor asks its model", async () => hangs.times === 0);
			return { work: [] };
		},
		alone: { mends: false, withinS: 10 },
	},
];
