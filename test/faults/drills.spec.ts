import { runPass } from "../../scripts/drills/pass.ts";
import { siteOf } from "../../scripts/drills/site.ts";
import { nodeViewers } from "../../scripts/lib/node-viewer.ts";
import { drillOffers } from "../../shared/drills/index.ts";
import { expect } from "../support/app.ts";
import { test } from "../support/watched-town.ts";

/** One drill of each scenario; `npm run drill -- all` does them all. */
const CODES = [
	"agent.process-crashed",
	"bead.dispatch-failing",
	"review.merge-conflict",
	"container.platform",
	"credential.wrong-integration",
	"convoy.feature-conflict",
	"mayor.crashed",
	"spend.review-churn",
];

for (const code of CODES)
	test(`DIAG-4: ${code} is the first root, recovers as said, and is mended by its remedy`, async ({
		app,
	}) => {
		test.setTimeout(300_000);
		const site = siteOf(app.local, await nodeViewers(app.settings));
		const { drills } = drillOffers.parse(await site.call("GET", ""));
		const offer = drills.find((drill) => drill.code === code);
		if (!offer) throw new Error(`no drill of ${code}`);
		const [alone, pressed] = await Promise.all([runPass(site, offer, false), runPass(site, offer, true)]);
		expect([...alone.wrong, ...pressed.wrong]).toEqual([]);
		expect([...alone.others, ...pressed.others]).toEqual([]);
		expect(alone).toMatchObject({ found: expect.any(Number), recovers: true });
		expect(pressed).toMatchObject({ found: expect.any(Number), mended: true });
	});
