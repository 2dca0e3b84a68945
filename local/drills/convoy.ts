import { gitIn, pushCommit } from "../forge/repository.ts";
import type { Drill } from "./drill.ts";
import type { DrillTown } from "./drill-town.ts";
import { refineryWaits, requestOf, statusOf, unique } from "./reviews.ts";

const SAYS = "My convoy never finished.";

type Convoy = { convoy_id: string; bead_ids: string[] };

const sling = (town: DrillTown, title: string, members: string[]): Promise<Convoy> =>
	town.client.gastown("slingConvoy", {
		...{ title, rig_id: town.rig, created_by: town.owner },
		beads: members.map((member) => ({ title: member })),
	});

/** The branch that the beads of the only convoy go to. */
async function featureBranch(town: DrillTown): Promise<string> {
	const { stdout } = await gitIn(
		town.bare,
		"for-each-ref",
		"--format=%(refname:lstrip=2)",
		"refs/heads/convoy",
	);
	return stdout.trim();
}

const FAILS = "test/rounding.test.js";

export const convoy: readonly Drill[] = [
	{
		code: "convoy.tracked-bead-deleted",
		says: SAYS,
		how: "Its owner deletes a bead of it, where the container and the counting are somebody else's.",
		// This town's own scheduler would count again at its next look.
		config: { external_container: true },
		async break(town) {
			const { bead_ids } = await sling(town, unique("Checkout"), [
				unique("Add the tax helper"),
				unique("Add the tip helper"),
			]);
			const [done = "", gone = ""] = bead_ids;
			await town.client.gastown("closeBead", { bead_id: done, actor: town.owner });
			await town.client.gastown("deleteBead", { bead_id: gone, actor: town.owner });
			return { work: [done] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "convoy.tracked-merge-failed",
		says: SAYS,
		how: "The tests fail on the convoy's branch when a bead of it is reviewed, and its owner gives the bead up.",
		async break(town) {
			const title = unique("Add the coupon helper");
			refineryWaits(town, title, 0, 5_000);
			const { convoy_id, bead_ids } = await sling(town, unique("Coupons"), [title]);
			const [member = ""] = bead_ids;
			const request = await requestOf(town, title);
			// Put aside, so that nobody begins it again before its owner has decided.
			const hold = (labels: string[]) =>
				town.client.gastown("updateBead", { bead_id: member, fields: { labels }, actor: town.owner });
			await hold(["gt:held"]);
			await pushCommit(town.bare, {
				...{ branch: await featureBranch(town), message: "Round prices" },
				files: { [FAILS]: 'throw new Error("not yet");\n' },
			});
			await statusOf(town, request.bead_id, "failed");
			await town.client.gastown("updateBeadStatus", {
				...{ bead_id: member, status: "failed", actor: town.owner },
				failure_reason: { code: "review_failed", message: "The tests fail after the merge.", source: "user" },
			});
			await hold([]);
			return { work: [member, convoy_id] };
		},
		async mend(town) {
			await pushCommit(town.bare, {
				...{ branch: await featureBranch(town), message: "Round prices later", files: { [FAILS]: null } },
			});
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "convoy.feature-conflict",
		says: SAYS,
		how: "Two beads of it change the same line.",
		config: { auto_resolve_merge_conflicts: false },
		async break(town) {
			const titles = ["season", "holidays"].map((when) => unique(`Change the first line for the ${when}`));
			const { convoy_id, bead_ids } = await sling(town, unique("Campaign"), titles);
			await town.until("one of them conflicts", async () =>
				(await town.beads()).some(({ bead_id, status }) => bead_ids.includes(bead_id) && status === "failed"),
			);
			return { work: [...bead_ids, convoy_id] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "convoy.landing-failed",
		says: SAYS,
		how: "Its integration may not push while it lands, as often as that is tried.",
		thresholds: { landing_attempts: 2 },
		async break(town) {
			const { tokens } = town.world;
			const id = town.integrationId("shop");
			const title = unique("Invoices");
			const { convoy_id } = await sling(town, title, [unique("Add the invoice helper")]);
			await town.until("it lands", async () =>
				(await town.beads()).some((bead) => bead.title === `Land: ${title}`),
			);
			tokens.put({ id, write: false });
			await statusOf(town, convoy_id, "failed");
			tokens.put({ id, write: true });
			return { work: [convoy_id] };
		},
		alone: { mends: false, withinS: 10 },
	},
];
