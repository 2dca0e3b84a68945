import { wait } from "../../container/wait.ts";
import { pushCommit } from "../forge/repository.ts";
import type { Drill } from "./drill.ts";
import { refineryWaits, requestOf, statusOf, unique } from "./reviews.ts";

const SAYS = "My code won't merge.";

/** The cart with another first line. */
const HOTFIX =
	"/** Sum of the prices in cents, VAT included. */\nexport function total(items) {\n\treturn items.reduce((sum, item) => sum + item.price, 0);\n}\n";

export const refinery: readonly Drill[] = [
	{
		code: "review.merge-conflict",
		says: SAYS,
		how: "While it waits for its review, somebody pushes another change of the same line to its target.",
		config: { auto_resolve_merge_conflicts: false },
		async break(town) {
			const title = unique("Change the first line for the season");
			refineryWaits(town, title, 0, 4_000);
			const bead = await town.bead(title);
			await requestOf(town, title);
			await pushCommit(town.bare, {
				...{ branch: "main", message: "A hotfix" },
				files: { "src/cart.js": HOTFIX },
			});
			await statusOf(town, bead, "failed");
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "review.push-denied",
		says: SAYS,
		how: "The token is revoked after the refinery has fetched and before it pushes.",
		async break(town) {
			const title = unique("Add the parcel helper");
			// It has looked, merged and tested by then.
			const push = refineryWaits(town, title, 3, 2_000);
			const bead = await town.bead(title);
			await town.until("it is about to push", async () => push.times === 0);
			town.world.tokens.revokeTokens(town.integrationId("shop"));
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 15 },
	},
	{
		code: "review.bad-pr-url",
		says: SAYS,
		how: "The refinery reports a pull request that is not there.",
		config: { merge_strategy: "pr", auto_merge_delay_minutes: 0 },
		thresholds: { poll_failures_lasting: 900 },
		async break(town) {
			const title = unique("Add the label helper, wrong pr");
			const bead = await town.bead(title);
			await requestOf(town, title);
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "review.waiting-for-webhook",
		says: SAYS,
		how: "Its pull request is merged while the forge answers no question about it.",
		config: { merge_strategy: "pr", auto_merge: false },
		thresholds: { poll_pr_ms: 2_500, poll_failures_transient: 900 },
		async break(town) {
			const { forge, signal } = town.world;
			const title = unique("Add the stamp helper");
			const bead = await town.bead(title);
			const pulls = forge.pulls(town.repository);
			await town.until("its pull request", async () => {
				const { body } = await pulls.list("open");
				return (body as unknown[]).length > 0;
			});
			await wait(1_000, signal);
			forge.setSilent(town.repository, true);
			await pulls.merge(1, null);
			void wait(30_000, signal).then(
				() => forge.setSilent(town.repository, false),
				() => undefined,
			);
			return { work: [bead] };
		},
		async mend(town) {
			town.world.forge.setSilent(town.repository, false);
		},
		alone: { mends: true, withinS: 40 },
	},
	{
		code: "review.bottleneck",
		says: SAYS,
		how: "The refinery is stopped with SIGSTOP in the middle of a review, and others wait behind it.",
		thresholds: { gupp_warn_ms: 6_000, gupp_escalate_ms: 14_000, gupp_stop_ms: 24_000 },
		async break(town) {
			const title = unique("Add the basket helper");
			const looks = refineryWaits(town, title, 1, 5_000);
			const first = await town.bead(title, { priority: "high" });
			const request = await requestOf(town, title);
			const { pgid } = await town.atWork(request.bead_id);
			await town.until("it asks its model", async () => looks.times === 0);
			process.kill(pgid, "SIGSTOP");
			const next = unique("Add the shelf helper");
			const second = await town.bead(next);
			await requestOf(town, next);
			return { work: [first, second] };
		},
		alone: { mends: true, withinS: 45 },
	},
];
