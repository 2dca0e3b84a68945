import { randomUUID } from "node:crypto";
import { gitIn } from "../../local/forge/repository.ts";
import { type NodeViewer, nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { ProofBody } from "../../shared/interventions/steps.ts";
import { lookupOf, type TownView } from "../../shared/town-view/index.ts";
import { test as base, expect, type Running, startTestApp } from "../support/app.ts";
import { realTown } from "../support/local-world.ts";
import { testTown } from "../support/test-town.ts";

/** Every intervention about reviews, convoys and blockers, each done to a real town whose forge is real, and its effect seen. */

const test = base.extend<object, { app: Running }>({
	app: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern
		async ({}, use) => {
			// Of its own: nobody else's troubles.
			const app = await startTestApp([], [], { cancelMs: 0 });
			await use(app);
			await app.forget();
		},
		{ scope: "worker", timeout: 120_000 },
	],
});

const opened: NodeViewer[] = [];
test.afterEach(() => {
	for (const viewer of opened.splice(0)) viewer.close();
});

/** An admin's page on a town. */
async function watch(app: Running, town: string) {
	const viewer = (await nodeViewers(app.settings))(town);
	opened.push(viewer);
	const state = () => viewer.store.getState();
	await until(viewer, "live", () => state().connection.is === "live");
	const rows = (): TownView["tables"] => state().view.tables;
	const reach = (what: string, is: () => boolean) => until(viewer, what, is, 40_000);
	return {
		...{ rows, reach },
		status: (id: string) => rows().beads.get(id)?.status,
		mergeRequests: () => [...rows().beads.values()].filter(({ type }) => type === "merge_request"),
		requestOf: (bead: string) =>
			[...rows().beads.values()].findLast(
				({ type, metadata }) => type === "merge_request" && metadata.source_bead_id === bead,
			)?.bead_id ?? "",
		/** Presses a button as the page does, and waits until its effect was seen. Answers the intervention. */
		async press(name: string, target: string, params: Record<string, unknown> = {}): Promise<string> {
			const entry = CATALOGUE[name];
			const given = entry?.params.parse(params) ?? {};
			const saw = entry?.saw(target, given, lookupOf(state().view)) ?? {};
			const done = await viewer.propose({ name, target, params, saw, reason: "case 4711", finding: null });
			const { intervention } = done;
			const steps = () => state().ledger.filter(({ id }) => id === intervention);
			await reach(`${name} told`, () => steps().some(({ step }) => step === "outcome"));
			const outcome = steps().find(({ step }) => step === "outcome")?.body;
			expect(outcome, `${name}: ${JSON.stringify(outcome?.message)}`).toMatchObject({ outcome: "applied" });
			await reach(`${name} seen`, () => steps().some(({ step }) => step === "proof"));
			expect(steps().find(({ step }) => step === "proof")?.body as ProofBody, name).toMatchObject({
				seen: true,
				missing: [],
			});
			return intervention;
		},
	};
}

test("LEDGER-2 LEDGER-8 REVIEW-2: merge requests are asked after, merged, retried, sent back, ended and cleared at a real forge", async ({
	app,
}) => {
	test.setTimeout(150_000);
	const town = await realTown(app, {
		config: { auto_merge: false },
		thresholds: { poll_failures_lasting: 500 },
	});
	const page = await watch(app, town.id);
	const { client } = town;
	// Its refinery has something that waits: what is submitted stays in the queue.
	const refinery = `${town.id}.refinery`;
	await client.gastown("createAgent", {
		id: refinery,
		role: "refinery",
		name: "shop-refinery",
		rig_id: town.rig,
	});
	const [aside = "", held = ""] = [`${town.id}.aside`, `${town.id}.held`];
	await client.gastown("createBead", { id: held, title: "Put aside", rig_id: town.rig, labels: ["gt:held"] });
	await client.gastown("createBead", { id: aside, title: "Waits", rig_id: town.rig, labels: ["gt:held"] });
	await client.gastown("addDependency", { bead_id: aside, depends_on_bead_id: held });
	await client.gastown("hookBead", { agent_id: refinery, bead_id: aside });
	const beads = await town.beads("Add the toast helper", "Add the maple helper", "Add the cinder helper");
	const [toast = "", maple = "", cinder = ""] = beads;
	await page.reach("all in review", () => beads.every((id) => page.status(id) === "in_review"));
	const change = (id: string) => page.rows().review_metadata.get(id)?.change ?? null;

	// Asked of the forge, and merged there as it was seen.
	const first = page.requestOf(toast);
	await page.press("review.poll", first);
	await page.reach("its change", () => change(first) !== null);
	expect(change(first)).toMatchObject({ ahead: 1, total: 2, checks: { total: 0 } });
	await page.press("review.merge", first);
	expect(page.status(toast)).toBe("closed");
	const commit = page.rows().review_metadata.get(first)?.merge_commit ?? "";
	expect((await gitIn(town.bare, "merge-base", "--is-ancestor", commit, "main")).code).toBe(0);

	// Put to the head; sent back to its author, who does it; ended with its work.
	// Whose work was done first stands first: that is theirs to decide.
	const since = (bead: string) => page.rows().beads.get(page.requestOf(bead))?.created_at ?? "";
	const [sooner = "", later = ""] = [maple, cinder].toSorted((a, b) => (since(a) < since(b) ? -1 : 1));
	const [second, third] = [page.requestOf(sooner), page.requestOf(later)];
	await page.press("review.retry", third, { at: "head" });
	expect(page.rows().review_metadata.get(third)?.queue_at).toBe(-1);
	const rework = await page.press("review.request-rework", second, {
		message: "Add the pepper helper, too.",
	});
	await page.reach("the rework is done", () => page.status(rework) === "closed");
	expect(page.status(sooner)).toBe("in_review");
	await page.press("review.close", second, { source: "fail" });
	expect(page.status(sooner)).toBe("failed");
	await page.press("review.set-strategy", town.rig, { strategy: "pr" });
	await page.press("review.clear-queue", town.rig, { source: "fail" });
	expect(page.status(later)).toBe("failed");

	// By pull request, with a refinery that names a wrong one.
	await client.gastown("closeBead", { bead_id: held });
	await client.gastown("closeBead", { bead_id: aside });
	const [named = ""] = await town.beads("Add the sage helper, wrong pr");
	await page.reach(
		"its wrong pull request",
		() => page.rows().review_metadata.get(page.requestOf(named))?.poll_error_kind === "host_mismatch",
	);
	const fourth = page.requestOf(named);
	const url = `http://127.0.0.1:${app.settings.forgePort}/${town.repository}/pull/1`;
	await page.press("review.link-pr", fourth, { url });
	await page.press("review.poll", fourth);
	await page.reach("its change", () => change(fourth) !== null);
	expect(page.rows().review_metadata.get(fourth)).toMatchObject({ pr_state: "open", poll_failures: 0 });
	await page.press("review.merge", fourth);
	expect(page.status(named)).toBe("closed");
	expect((await gitIn(town.bare, "log", "--format=%s", "main")).stdout).toContain("Merge pull request #1");
});

test("CONVOY-1: a convoy is started, changed, and landed again after its landings were used up", async ({
	app,
}) => {
	test.setTimeout(120_000);
	const town = await realTown(app, { thresholds: { landing_attempts: 1 } });
	const page = await watch(app, town.id);
	const convoy = `${town.id}.login`;
	const members = [{ title: "Add the thistle helper" }, { title: "Add the fennel helper" }];
	await town.client.gastown("slingConvoy", {
		id: convoy,
		title: "Login",
		rig_id: town.rig,
		beads: members,
		staged: true,
	});
	const alone = `${town.id}.alone`;
	await town.client.gastown("createBead", {
		id: alone,
		title: "Not now",
		rig_id: town.rig,
		labels: ["gt:held"],
	});
	await page.reach(
		"the convoy",
		() => page.rows().convoy_metadata.get(convoy)?.staged === 1 && page.status(alone) !== undefined,
	);

	await page.press("convoy.add-bead", convoy, { bead: alone });
	await page.press("convoy.start", convoy);
	await page.reach("its members closed", () =>
		[1, 2].every((n) => page.status(`${convoy}.${n}`) === "closed"),
	);
	// What is left of it is merged: it lands.
	await page.press("convoy.drop-bead", convoy, { bead: alone });
	await page.reach("its landing", () =>
		page.mergeRequests().some(({ metadata }) => metadata.landing_for === convoy),
	);
	const landing = page.mergeRequests().find(({ metadata }) => metadata.landing_for === convoy)?.bead_id ?? "";
	await page.press("review.close", landing);
	await page.reach("it has failed", () => page.status(convoy) === "failed");
	await page.press("convoy.retry-landing", convoy);
	await page.reach("it has landed", () => page.status(convoy) === "closed");
	expect(page.rows().convoy_metadata.get(convoy)?.landed_at).not.toBeNull();
	const log = await gitIn(town.bare, "log", "--format=%s", "main");
	for (const { title } of members) expect(log.stdout).toContain(title);
});

test("LEDGER-2: blockers are set and taken away, counters put right and a convoy ended in a town that schedules nothing", async ({
	app,
}) => {
	const town = await testTown(app.settings, ["Toast"]);
	const [first = "", second = ""] = await town.beads(2);
	const convoy = `${town.id}.${randomUUID().slice(0, 8)}`;
	const members = [{ title: "One" }, { title: "Two" }];
	await town.client.gastown("slingConvoy", { id: convoy, title: "Login", rig_id: town.rig, beads: members });
	await town.client.gastown("closeBead", { bead_id: `${convoy}.1` });
	const page = await watch(app, town.id);
	await page.press("bead.block", first, { on: second });
	await page.press("bead.unblock", first, { on: second });
	await page.press("convoy.recount", convoy);
	expect(page.rows().convoy_metadata.get(convoy)).toMatchObject({ total_beads: 2, closed_beads: 1 });
	await page.press("convoy.close", convoy, { members: "close" });
	expect(page.status(`${convoy}.2`)).toBe("closed");
});
