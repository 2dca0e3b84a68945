import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { ProofBody } from "../../shared/interventions/steps.ts";
import { lookupOf, type TownView } from "../../shared/town-view/index.ts";
import { test as base, expect, type Running, startTestApp } from "../support/app.ts";
import { admin, realTown } from "../support/local-world.ts";
import { type NodeViewer, nodeViewers, until } from "../support/node-viewer.ts";

/** Credentials and configuration of a real town, whose forge and token service are real: seen, changed, and the effect seen. */

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
	/** Presses a button as the page does; answers what became of it. */
	const propose = async (name: string, target: string, params: object = {}, secret?: string) => {
		const entry = CATALOGUE[name];
		const given = entry?.params.parse(params) ?? {};
		const saw = entry?.saw(target, given, lookupOf(state().view)) ?? {};
		const { intervention, ...answer } = await viewer.propose({
			...{ name, target, params: given, saw, reason: "case 4711", finding: null },
			...(secret !== undefined && { secret }),
		});
		const steps = () => state().ledger.filter(({ id }) => id === intervention);
		await reach(`${name} told: ${JSON.stringify(answer)}`, () =>
			steps().some(({ step }) => step === "outcome"),
		);
		return { steps, outcome: steps().find(({ step }) => step === "outcome")?.body };
	};
	return {
		...{ rows, reach, propose },
		status: (id: string) => rows().beads.get(id)?.status,
		/** The same, until its effect was seen. */
		async press(name: string, target: string, params: object = {}, secret?: string): Promise<void> {
			const { steps, outcome } = await propose(name, target, params, secret);
			expect(outcome, `${name}: ${JSON.stringify(outcome?.message)}`).toMatchObject({ outcome: "applied" });
			await reach(`${name} seen`, () => steps().some(({ step }) => step === "proof"));
			expect(steps().find(({ step }) => step === "proof")?.body as ProofBody, name).toMatchObject({
				seen: true,
				missing: [],
			});
		},
	};
}

/** Environment of the town's processes that have this variable, as Linux tells it. */
const processesWith = (variable: string): number =>
	readdirSync("/proc").filter((pid) => {
		if (!/^\d+$/.test(pid)) return false;
		try {
			return readFileSync(join("/proc", pid, "environ"), "utf8")
				.split("\0")
				.includes(variable);
		} catch {
			return false;
		}
	}).length;

const FRESH = "A value for the agents of this test";

test("CRED-1 LEDGER-14: a revoked token is seen and mended by refresh and by hand, and a setting and a variable reach the container", async ({
	app,
	browser,
}) => {
	test.setTimeout(150_000);
	const town = await realTown(app, {
		config: { code_review: false },
		thresholds: { git_token_refresh_ms: 60_000 },
	});
	const page = await watch(app, town.id);
	const { rows } = page;
	const git = () => rows().rig_credentials.get(JSON.stringify([town.rig, "git"]));
	const [first = ""] = await town.beads("Add the toast helper");
	await page.reach("the first is merged", () => page.status(first) === "closed");
	const before = git()?.fingerprint;

	// Its integration is taken away: no refresh helps, and each says why.
	await admin(app, "integration", { id: town.integration, revoked: true });
	const refused = await page.propose("credential.refresh", town.id, { credential: "git", rig: town.rig });
	expect(refused.outcome).toMatchObject({ outcome: "applied" });
	await page.reach("revoked", () => git()?.last_outcome === "revoked");
	const [second = ""] = await town.beads("Add the maple helper");
	await page.reach("its starts fail", () =>
		[...rows().dispatch_attempts.values()].some(
			({ bead_id, error }) => bead_id === second && /removed by its owner/.test(error ?? ""),
		),
	);

	// Another integration of the same repository; one that does not cover it is refused and changes nothing.
	await admin(app, "integration", { id: "elsewhere", repositories: ["test/elsewhere"] });
	const elsewhere = await page.propose("credential.relink", town.rig, { integration: "elsewhere" });
	expect(elsewhere.outcome).toMatchObject({ outcome: "refused" });
	expect(rows().rigs.get(town.rig)?.platform_integration_id).toBe(town.integration);
	const other = `${town.integration}-other`;
	await admin(app, "integration", { id: other, repositories: [town.repository] });
	await page.press("credential.relink", town.rig, { integration: other });
	expect(git()).toMatchObject({ source: `integration:${other}`, last_outcome: "ok" });
	await page.press("bead.retry-dispatch", second);
	await page.reach("the second is merged", () => page.status(second) === "closed");

	await page.press("credential.refresh", town.id, { credential: "git", rig: town.rig });
	expect(git()?.fingerprint).not.toBe(before);
	await page.press("credential.refresh", town.id, { credential: "container", rig: null });

	// By hand: what the forge does not know, or what reaches more, is refused; a good one wins.
	const bad = await page.propose("credential.set-token", town.rig, {}, "never-issued-by-anybody-0000");
	expect(bad.outcome).toMatchObject({ outcome: "refused", code: "bad-token" });
	const tokenOf = async (id: string) => {
		const response = await fetch(`${app.local}/tokens/resolve`, {
			method: "POST",
			body: JSON.stringify({ integration_id: id, repo: town.repository }),
		});
		return ((await response.json()) as { token: string }).token;
	};
	const wide = `${town.integration}-wide`;
	await admin(app, "integration", { id: wide, repositories: [town.repository, "test/elsewhere"] });
	const tooWide = await page.propose("credential.set-token", town.rig, {}, await tokenOf(wide));
	expect(tooWide.outcome).toMatchObject({ outcome: "refused", code: "too-wide" });
	await page.press("credential.set-token", town.rig, {}, await tokenOf(other));
	expect(git()?.source).toBe("manual");

	// A setting and a variable: seen in the next agent's process.
	await page.press("config.set", town.id, { rig: town.rig, key: "max_polecats_per_rig", value: 1 });
	await page.press("config.set-env", town.id, { name: "SHOP_GREETING" }, FRESH);
	await page.press("container.sync-config", town.id);
	expect(processesWith(`SHOP_GREETING=${FRESH}`)).toBe(0);
	const more = await town.beads("Add the cinder helper", "Add the sage helper");
	await page.reach("one at work", () => more.some((id) => page.status(id) === "in_progress"));
	await expect.poll(() => processesWith(`SHOP_GREETING=${FRESH}`), { timeout: 20_000 }).toBeGreaterThan(0);
	expect(more.filter((id) => page.status(id) === "in_progress").length).toBeLessThan(2);
	await page.reach("both merged with the token set by hand", () =>
		more.every((id) => page.status(id) === "closed"),
	);
	await page.press("credential.clear-token", town.rig);
	void browser;
});
