import { wait } from "../../container/wait.ts";
import { PRACTICE } from "../people.ts";
import type { Drill } from "./drill.ts";
import type { DrillTown } from "./drill-town.ts";

const SAYS = "GitHub says permission denied.";
/** The starts of a bead last until somebody has had time to look. */
const SLOWLY = { back_off_ms: [4_000, 4_000, 4_000, 4_000, 4_000] };

const integration = (town: DrillTown): string => town.integrationId("shop");

/** A token of the shop's repository, as somebody would have who sets one by hand. */
async function tokenOf(town: DrillTown): Promise<string> {
	const owner = { type: "user", id: PRACTICE };
	const { body } = await town.world.tokens.resolve(integration(town), town.repository, owner);
	if (!("token" in body)) throw new Error(body.error.message);
	return body.token;
}

export const credentials: readonly Drill[] = [
	{
		code: "credential.expired",
		says: SAYS,
		how: "Its token lives for seconds and ends in the middle of the work, before the town asks for another.",
		thresholds: { tick_active_ms: 30_000, git_token_slack_ms: 1_000 },
		env: { POLECAT_IDLE_MS: "2000" },
		async break(town) {
			const { tokens, signal } = town.world;
			const id = integration(town);
			tokens.put({ id, lifetime_s: 8 });
			const bead = await town.bead("A quiet build of 12 s");
			await town.atWork(bead);
			// At half of its life it is renewed at the next look, and then not again for as long as a look may take.
			await wait(4_500, signal);
			await town.bead("Not yet", { labels: ["gt:held"] });
			await wait(1_000, signal);
			tokens.put({ id, lifetime_s: 3_600 });
			return { work: [bead] };
		},
		alone: { mends: true, withinS: 45 },
	},
	{
		code: "credential.revoked",
		says: SAYS,
		how: "The installation of its integration is removed at the forge.",
		thresholds: SLOWLY,
		async break(town) {
			town.world.tokens.put({ id: integration(town), revoked: true });
			return { work: [await town.bead("Add the basket helper")] };
		},
		async mend(town) {
			town.world.tokens.put({ id: integration(town), revoked: false });
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "credential.wrong-integration",
		says: SAYS,
		how: "The shop is linked to an integration that does not cover its repository; another one of the town does.",
		rigs: [
			{ name: "shop", repository: "practice/shop" },
			{ name: "site", repository: "practice/site" },
		],
		thresholds: SLOWLY,
		async break(town) {
			const { tokens } = town.world;
			const [shop, site] = [integration(town), town.integrationId("site")];
			const both = [...(tokens.get(shop)?.repositories ?? []), ...(tokens.get(site)?.repositories ?? [])];
			tokens.put({ id: site, repositories: both });
			tokens.put({ id: shop, repositories: ["practice/elsewhere"] });
			const other = await town.bead("Add the news helper", { rig_id: town.rigId("site") });
			await town.atWork(other);
			return { work: [await town.bead("Add the basket helper"), other] };
		},
		alone: { mends: false, withinS: 10 },
	},
	{
		code: "credential.stale-in-container",
		says: SAYS,
		how: "A new token is made while the line to the container is cut; it is there again before the town tries again.",
		thresholds: { git_token_refresh_ms: 1, git_token_stale_ms: 8_000 },
		env: { SAMPLE_MS: "1000" },
		async break(town) {
			const { tokens, platform, signal } = town.world;
			const gate = platform.gate(town.id);
			const id = integration(town);
			tokens.put({ id, lifetime_s: 14 });
			const bead = await town.bead("A quiet build of 35 s");
			await town.atWork(bead);
			// Half of its life has to be over.
			await wait(6_000, signal);
			gate.shut(true);
			tokens.put({ id, lifetime_s: 3_600 });
			await town.configure({ thresholds: { git_token_refresh_ms: 600_000 } });
			// It is tried after 2, 4 and 8 s, then not for 16.
			await wait(15_500, signal);
			gate.shut(false);
			return { work: [bead] };
		},
		alone: { mends: false, withinS: 6 },
	},
	{
		code: "credential.resolver-failing",
		says: SAYS,
		how: "The token service answers its requests with 500, some times in a row.",
		thresholds: SLOWLY,
		async break(town) {
			const secret = await tokenOf(town);
			town.world.tokens.fail(3, integration(town));
			const bead = await town.bead("Add the basket helper");
			return { work: [bead], secrets: { "credential.set-token": secret } };
		},
		async mend(town) {
			town.world.tokens.fail(0, integration(town));
		},
		alone: { mends: true, withinS: 30 },
	},
];
